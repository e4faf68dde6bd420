import { useMemo, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { DataAge } from '../format/age.tsx';
import { formatClock, formatInstant } from '../format/instant.ts';
import { formatLimit, formatQuantity, formatTicks } from '../format/quantity.ts';
import { axisStyle, chartFont, ink, lineStyle } from './chart-style.ts';
import { distinctLimits, paneRange, type LimitLine } from './limit-range.ts';
import type { MergedSeries, SeriesColumns } from './merge-series.ts';
import { Plot } from './plot.tsx';
import type { TimeRange } from './time-range.ts';

export type TimePaneProps = {
  readonly label: string;
  readonly unit: string;
  readonly names: readonly string[];
  /** Newest value of each series with its instant, epoch ms: the live feed is ahead of the curve. */
  readonly newest: readonly { readonly value?: number | undefined; readonly at?: number | undefined }[];
  readonly merged: MergedSeries;
  readonly limits: readonly LimitLine[];
  readonly range: TimeRange;
  readonly height: number;
  /** Panes of one key share the cursor. */
  readonly syncKey: string;
  readonly onBrush: (from: number, to: number) => void;
  readonly onReset: () => void;
};

const yAxisWidth = 58;
/** Fixed, so that panes under each other share their x positions to the pixel. */
const sidePadding: uPlot.Padding = [8, 32, 0, 0];

/** One pane on the time axis: per series the min/max band and the line of last values, limits dashed across. */
export function TimePane(props: TimePaneProps) {
  const { names, merged, unit } = props;
  const live = useRef(props);
  live.current = props;
  const [cursorIndex, setCursorIndex] = useState<number>();
  const count = names.length;
  const options = useMemo(() => paneOptions(count, live, setCursorIndex), [count]);
  const data = useMemo(() => {
    const columns = merged.series.flatMap(({ min, max, last }) => [min, max, last]);
    return [merged.x, ...columns] as uPlot.AlignedData;
  }, [merged]);
  const at = cursorIndex === undefined ? undefined : merged.x[cursorIndex];
  return (
    <div className="time-pane" data-from={props.range.from} data-to={props.range.to}>
      <div className="legend">
        {names.map((name, index) => {
          const style = lineStyle(index);
          const newest = props.newest[index];
          const value = cursorIndex === undefined ? newest?.value : merged.series[index]?.last[cursorIndex];
          return (
            <span key={name + String(index)}>
              <svg width="22" height="8" aria-hidden="true">
                <line
                  x1="0"
                  y1="4"
                  x2="22"
                  y2="4"
                  stroke={style.stroke}
                  strokeWidth="2"
                  strokeDasharray={style.dash.join(' ')}
                />
              </svg>
              {name} <b>{formatQuantity(value, unit)}</b>
              {newest?.at === undefined ? null : <DataAge at={newest.at} />}
            </span>
          );
        })}
        {at === undefined ? null : <span>{formatInstant(at * 1000)}</span>}
      </div>
      <Plot options={options} data={data} height={props.height} label={`${props.label}: ${names.join(', ')}`} />
    </div>
  );
}

type Live = { readonly current: TimePaneProps };

function paneOptions(count: number, live: Live, onCursor: (index: number | undefined) => void): PlotOptions {
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  for (let i = 0; i < count; i++) {
    const { stroke, dash } = lineStyle(i);
    // A single sample's peak is narrower than a pixel of a long range: the band alone would leave it all but unseen.
    const edge: uPlot.Series = {
      stroke: () => (isEnvelope(live.current.merged.series[i]) ? `${stroke}99` : 'transparent'),
      width: 1,
      points: { show: false },
    };
    series.push(edge, edge, { stroke, dash, width: 1.5, points: { size: 4 } });
    bands.push({ series: [3 * i + 2, 3 * i + 1], fill: `${stroke}38` });
  }
  return {
    legend: { show: false },
    padding: sidePadding,
    series,
    bands,
    scales: {
      x: { time: true, range: () => [live.current.range.from / 1000, live.current.range.to / 1000] },
      y: { range: (_plot, min, max) => [...paneRange(min, max, live.current.limits)] as [number, number] },
    },
    axes: [
      { ...axisStyle, size: 26, values: (_plot, splits) => splits.map((at) => clockLabel(at, live.current.range)) },
      { ...axisStyle, size: yAxisWidth, values: (_plot, splits) => formatTicks(splits) },
    ],
    cursor: {
      sync: { key: live.current.syncKey },
      drag: { x: true, y: false, setScale: false },
      points: { show: false },
      bind: { dblclick: () => () => (live.current.onReset(), null) },
    },
    hooks: {
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? undefined)],
      setSelect: [
        (plot) => {
          if (plot.select.width < 8) return;
          const from = plot.posToVal(plot.select.left, 'x') * 1000;
          const to = plot.posToVal(plot.select.left + plot.select.width, 'x') * 1000;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          live.current.onBrush(Math.round(from), Math.round(to));
        },
      ],
      draw: [(plot) => drawLimits(plot, live.current.limits)],
    },
  };
}

const isEnvelope = (columns: SeriesColumns | undefined): boolean =>
  columns?.min.some((min, index) => min !== columns.max[index]) === true;

type PlotOptions = Omit<uPlot.Options, 'width' | 'height'>;

function clockLabel(atS: number, { from, to }: TimeRange): string {
  const at = atS * 1000;
  if (to - from > 20 * 86_400_000) return formatInstant(at).slice(0, 10);
  if (to - from > 36 * 3_600_000) return formatInstant(at).slice(5, 16);
  return to - from > 20 * 60_000 ? formatClock(at).slice(0, 5) : formatClock(at);
}

/** Dashed lines with their value at the right end; outside the pane they are left out. */
function drawLimits(plot: uPlot, limits: readonly LimitLine[]): void {
  const { ctx, bbox } = plot;
  const ratio = globalThis.devicePixelRatio || 1;
  ctx.save();
  ctx.font = chartFont.replace('12px', `${12 * ratio}px`);
  ctx.textAlign = 'right';
  // uPlot leaves the baseline of its axes behind.
  ctx.textBaseline = 'alphabetic';
  let labelFloor = Number.POSITIVE_INFINITY;
  for (const { threshold, level, direction } of distinctLimits(limits)) {
    const y = Math.round(plot.valToPos(threshold, 'y', true));
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.strokeStyle = ink[level];
    ctx.lineWidth = ratio;
    ctx.setLineDash([6 * ratio, 4 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    // Rising thresholds: each label stands on its line, but never in the one below it.
    const words = `${direction === 'above' ? '>' : '<'} ${formatLimit(threshold)}`;
    const right = bbox.left + bbox.width - 4 * ratio;
    const base = Math.min(y - bbox.top < 17 * ratio ? y + 14 * ratio : y - 4 * ratio, labelFloor - 15 * ratio);
    labelFloor = base;
    const { width } = ctx.measureText(words);
    ctx.fillStyle = ink.panel;
    ctx.fillRect(right - width - 3 * ratio, base - 11 * ratio, width + 6 * ratio, 14 * ratio);
    ctx.fillStyle = ink[level];
    ctx.fillText(words, right, base);
  }
  ctx.restore();
}
