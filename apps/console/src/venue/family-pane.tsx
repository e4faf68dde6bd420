import type { Alarm } from '@fengsui/protocol';
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { withAlarmLimits } from '../alarm/alarm-limits.ts';
import { queries } from '../api/queries.ts';
import { mergeSeries } from '../chart/merge-series.ts';
import { TimePane } from '../chart/time-pane.tsx';
import type { PageRange } from '../chart/use-time-range.ts';
import { Downsampled } from '../device/point-trend.tsx';
import { unitSymbol } from '../format/quantity.ts';
import { familyName, nameOf, pointName } from '../locale/words.ts';
import type { CurveChoice } from './choose-curves.ts';

export type FamilyPaneProps = {
  readonly family: string;
  readonly choice: CurveChoice;
  /** Open alarms of the venue. */
  readonly alarms: readonly Alarm[];
  readonly page: PageRange;
  readonly height: number;
  readonly onBrush: (from: number, to: number) => void;
  readonly onReset: () => void;
};

/** One family of sensors of the venue over the shared time, with limits and the age of each series. */
export function FamilyPane({ family, choice, alarms, page, height, onBrush, onReset }: FamilyPaneProps) {
  const { t, i18n } = useTranslation();
  const { curves, hiddenCount } = choice;
  // Several panes ask at once: not faster than every 5 s, the newest values come by the live feed anyway.
  const everyMs = page.window.everyMs === false ? false : Math.max(5_000, page.window.everyMs);
  const answers = useQueries({
    queries: curves.map(({ device, point }) => queries.series(`${device.id}/${point.id}`, { ...page.window, everyMs })),
    combine: (results) => ({
      series: results.map(({ data }) => data),
      isPending: results.some(({ isPending }) => isPending),
    }),
  });
  const merged = useMemo(
    () =>
      mergeSeries(
        curves.map(({ device }, index) => ({
          rows: answers.series[index]?.items ?? [],
          downsampled: answers.series[index]?.downsampled ?? 1,
          intervalMs: device.reportingIntervalMs,
        })),
      ),
    [curves, answers.series],
  );
  const unit = unitSymbol(curves[0]?.point.unit ?? '');
  const downsampled = Math.max(1, ...answers.series.map((series) => series?.downsampled ?? 1));
  return (
    <section aria-label={familyName(t, family)} data-testid={`pane-${family}`}>
      <div className="pane-title">
        <h3>
          {familyName(t, family)} <span className="muted">{unit}</span>
        </h3>
        {curves.length > 0 ? <Downsampled n={downsampled} /> : null}
        {hiddenCount > 0 ? <span className="tag">{t('venue.more', { n: hiddenCount })}</span> : null}
      </div>
      {curves.length === 0 ? (
        <p className="empty">{t('venue.noFamily', { family: familyName(t, family) })}</p>
      ) : (
        <TimePane
          label={familyName(t, family)}
          unit={unit}
          names={curves.map(
            ({ device, point }) => `${nameOf(device, i18n.language, device.id)} ${pointName(t, point.id)}`,
          )}
          newest={curves.map(({ point }) => point)}
          merged={merged}
          limits={curves.flatMap(({ device, point }) => withAlarmLimits(point, device.id, alarms).limits)}
          range={page.range}
          height={height}
          syncKey="venue"
          onBrush={onBrush}
          onReset={onReset}
        />
      )}
    </section>
  );
}
