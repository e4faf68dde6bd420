import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { lineStyle } from '../chart/chart-style.ts';
import type { Mark } from '../evidence/arc-marks.ts';
import { unitSymbol } from '../format/quantity.ts';
import { pointName } from '../locale/words.ts';
import { frameToMs, msToFrame, type CaptureChannel, type CaptureRecord, type ChannelKind } from './capture-record.ts';
import type { CursorName, Cursors } from './cursor.ts';
import { zoomWindow, type ViewWindow } from './view-window.ts';
import { WavePane } from './wave-pane.tsx';

const order: readonly ChannelKind[] = ['voltage', 'current', 'residual', 'other'];

export type WaveStackProps = {
  readonly record: CaptureRecord;
  readonly marks: readonly Mark[];
  readonly cursors: Cursors;
  readonly active: CursorName;
  readonly window: ViewWindow;
  readonly whole: ViewWindow;
  readonly onCursor: (name: CursorName, frame: number) => void;
  readonly onWindow: (window: ViewWindow) => void;
};

/** Voltage, current, residual and the rest, stacked over one time axis. */
export function WaveStack({ record, marks, cursors, active, window, whole, onCursor, onWindow }: WaveStackProps) {
  const { t } = useTranslation();
  const timesMs = useMemo(
    () => Array.from({ length: record.frames }, (_, frame) => frameToMs(record, frame)),
    [record],
  );
  const panes = useMemo(() => groupChannels(record.channels), [record]);
  const cursorMs = useMemo(
    () => ({ a: frameToMs(record, cursors.a), b: frameToMs(record, cursors.b) }),
    [record, cursors.a, cursors.b],
  );
  const leastMs = (8 / record.sampleRateHz) * 1000;
  return (
    <div className="wave-stack">
      {panes.map(({ key, kind, channels }, index) => {
        const unit = unitSymbol(channels[0]?.unit ?? '');
        const isLast = index === panes.length - 1;
        return (
          <div key={key}>
            <div className="legend">
              <b>
                {t(`capture.${kind}`)} {unit}
              </b>
              {channels.length > 1 || kind === 'other'
                ? channels.map(({ point }, i) => (
                    <span key={point}>
                      <svg width="22" height="8" aria-hidden="true">
                        <line x1="0" y1="4" x2="22" y2="4" strokeWidth="2" stroke={lineStyle(i).stroke} />
                      </svg>
                      {pointName(t, point)}
                    </span>
                  ))
                : null}
            </div>
            <WavePane
              label={t('capture.waveLabel', {
                channel: t(`capture.${kind}`),
                a: cursorMs.a.toFixed(2),
                b: cursorMs.b.toFixed(2),
              })}
              unit={unit}
              channels={channels}
              timesMs={timesMs}
              window={window}
              cursorMs={cursorMs}
              marks={marks}
              hasTrigger={record.triggerFrame !== undefined}
              hasTimeAxis={isLast}
              height={isLast ? 176 : 150}
              onPlace={(ms) => onCursor(active, msToFrame(record, ms))}
              onDrag={(name, ms) => onCursor(name, msToFrame(record, ms))}
              onZoom={(ms, factor) => onWindow(zoomWindow(window, ms, factor, whole, leastMs))}
              onWindow={onWindow}
              onReset={() => onWindow(whole)}
            />
          </div>
        );
      })}
    </div>
  );
}

type Pane = { readonly key: string; readonly kind: ChannelKind; readonly channels: readonly CaptureChannel[] };

/** One pane per kind and unit: amperes and degrees never share an axis. */
function groupChannels(channels: readonly CaptureChannel[]): Pane[] {
  const groups = new Map<string, { kind: ChannelKind; channels: CaptureChannel[] }>();
  for (const channel of channels) {
    const key = `${channel.kind} ${channel.unit}`;
    const group = groups.get(key) ?? { kind: channel.kind, channels: [] };
    group.channels.push(channel);
    groups.set(key, group);
  }
  return [...groups]
    .map(([key, group]) => ({ key, ...group }))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}
