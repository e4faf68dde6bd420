import type { Point } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { mergeSeries } from '../chart/merge-series.ts';
import { RangeBar } from '../chart/range-bar.tsx';
import { TimePane } from '../chart/time-pane.tsx';
import type { RangeSearch } from '../chart/time-range.ts';
import type { PageRange } from '../chart/use-time-range.ts';
import { formatDataAge } from '../format/duration.ts';
import { unitSymbol } from '../format/quantity.ts';
import { pointName } from '../locale/words.ts';

export type PointTrendProps = {
  readonly deviceId: string;
  readonly point: Point;
  readonly reportingIntervalMs: number;
  readonly page: PageRange;
  readonly onRange: (search: RangeSearch) => void;
};

/** The curve of one point: min/max band, last values, limits, and how much it was downsampled. */
export function PointTrend({ deviceId, point, reportingIntervalMs, page, onRange }: PointTrendProps) {
  const { t } = useTranslation();
  const series = useQuery(queries.series(`${deviceId}/${point.id}`, page.window));
  const merged = useMemo(
    () =>
      mergeSeries([
        { rows: series.data?.items ?? [], downsampled: series.data?.downsampled ?? 1, intervalMs: reportingIntervalMs },
      ]),
    [series.data, reportingIntervalMs],
  );
  const name = pointName(t, point.id);
  const isEmpty = series.isSuccess && series.data.items.length === 0;
  return (
    <section className="panel" aria-labelledby="trend-title" data-testid="trend">
      <header>
        <h2 id="trend-title">
          {t('device.trend')} · {name}
        </h2>
        {series.data ? <Downsampled n={series.data.downsampled} resolutionMs={series.data.resolutionMs} /> : null}
        <span className="end">
          <RangeBar search={page.search} onRange={onRange} />
        </span>
      </header>
      {series.isError && !series.data ? (
        <ProblemNote error={series.error} onRetry={() => void series.refetch()} />
      ) : null}
      {isEmpty ? (
        <div className="plot-empty" style={{ height: 260 }}>
          {t('trend.empty')}
        </div>
      ) : (
        <TimePane
          label={name}
          unit={unitSymbol(point.unit)}
          names={[name]}
          newest={[point]}
          merged={merged}
          limits={point.limits}
          range={page.range}
          height={280}
          syncKey="device"
          onBrush={(from, to) => onRange({ from: String(from), to: String(to) })}
          onReset={() => onRange({})}
        />
      )}
    </section>
  );
}

/** Says how many samples, over how long, stand behind each point: what is drawn is never taken for the raw data. */
export function Downsampled({ n, resolutionMs = 0 }: { readonly n: number; readonly resolutionMs?: number }) {
  const { t } = useTranslation();
  return n > 1 || resolutionMs > 0 ? (
    <span className="tag" title={t('trend.downsampledWhy', { n })} data-testid="downsampled" data-n={n}>
      {t('trend.downsampled', { n })}
      {resolutionMs > 0 ? ` · ${formatDataAge(resolutionMs)}` : ''}
    </span>
  ) : (
    <span className="tag" data-testid="downsampled" data-n={1}>
      {t('trend.raw')}
    </span>
  );
}
