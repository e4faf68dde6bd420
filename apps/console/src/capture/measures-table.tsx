import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatQuantity, unitSymbol } from '../format/quantity.ts';
import { pointName } from '../locale/words.ts';
import type { CaptureChannel, CaptureRecord } from './capture-record.ts';
import { measureChannel } from './channel-measures.ts';
import type { Cursors } from './cursor.ts';
import { channelHarmonics, type CyclePlace } from './cycle-analysis.ts';

export type MeasuresTableProps = {
  readonly record: CaptureRecord;
  /** The current the capture is about; the hook of its rms stands on it. */
  readonly main: CaptureChannel | undefined;
  readonly cursors: Cursors;
  readonly cycle: CyclePlace | undefined;
};

/** Per channel: values at the cursors, figures between them, distortion of the cycle at A, rms of the whole recording. */
export function MeasuresTable({ record, main, cursors, cycle }: MeasuresTableProps) {
  const { t } = useTranslation();
  const firstOf = (kind: CaptureChannel['kind']): CaptureChannel | undefined =>
    record.channels.find((channel) => channel.kind === kind);
  const marked = new Set([firstOf('voltage'), main ?? firstOf('current'), firstOf('residual')]);
  return (
    <div className="table-scroll">
      <table className="measures">
        <thead>
          <tr>
            <th scope="col">{t('capture.channel')}</th>
            {(['atA', 'atB', 'delta', 'rms', 'peak', 'crest', 'mean', 'thd', 'whole'] as const).map((column) => (
              <th key={column} scope="col" className="number">
                {t(`capture.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {record.channels.map((channel) => (
            <ChannelRow
              key={channel.point}
              channel={channel}
              cursors={cursors}
              cycle={cycle}
              isMarked={marked.has(channel)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ChannelRow(props: {
  readonly channel: CaptureChannel;
  readonly cursors: Cursors;
  readonly cycle: CyclePlace | undefined;
  readonly isMarked: boolean;
}) {
  const { t } = useTranslation();
  const { channel, cursors, cycle, isMarked } = props;
  const { a, b } = cursors;
  const measures = useMemo(() => measureChannel(channel, { a, b }), [channel, a, b]);
  const thd = cycle && channel.kind !== 'other' ? channelHarmonics(channel, cycle)?.thdPct : undefined;
  const unit = unitSymbol(channel.unit);
  // The hook of the end-to-end test reads amperes, whatever the unit of the channel.
  const wholeInBaseUnit =
    channel.kind === 'current' && channel.unit === 'mA' ? measures.wholeRms / 1000 : measures.wholeRms;
  return (
    <tr>
      <th scope="row">
        {pointName(t, channel.point)} <span className="muted">{unit}</span>
      </th>
      {[measures.atA, measures.atB, measures.delta, measures.rms, measures.peak].map((value, index) => (
        <td key={index} className="number">
          {formatNumber(value)}
        </td>
      ))}
      <td className="number">{formatNumber(measures.crestFactor)}</td>
      <td className="number">{formatNumber(snap(measures.mean, measures.peak))}</td>
      <td className="number">{formatQuantity(thd, '%')}</td>
      <td className="number">
        <b {...(isMarked ? { 'data-testid': `capture-rms-${channel.kind}`, 'data-value': wholeInBaseUnit } : {})}>
          {formatQuantity(measures.wholeRms, unit)}
        </b>
      </td>
    </tr>
  );
}

/** A mean far below the resolution of 16-bit samples is rounding, not dc. */
function snap(mean: number, peak: number): number {
  return Math.abs(mean) < peak * 1e-6 ? 0 : mean;
}
