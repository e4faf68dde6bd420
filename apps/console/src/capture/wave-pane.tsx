import { useEffect, useMemo, useRef } from 'react';
import type uPlot from 'uplot';
import { axisStyle, chartFont, ink, lineStyle } from '../chart/chart-style.ts';
import { Plot } from '../chart/plot.tsx';
import type { Mark } from '../evidence/arc-marks.ts';
import { formatTicks } from '../format/quantity.ts';
import type { CaptureChannel } from './capture-record.ts';
import { cursorNear, followMouse } from './cursor-drag.ts';
import type { CursorName } from './cursor.ts';
import type { ViewWindow } from './view-window.ts';

export type WavePaneProps = {
  readonly label: string;
  readonly unit: string;
  readonly channels: readonly CaptureChannel[];
  /** Milliseconds of each frame, 0 at the trigger. */
  readonly timesMs: readonly number[];
  readonly window: ViewWindow;
  readonly cursorMs: { readonly a: number; readonly b: number };
  readonly marks: readonly Mark[];
  readonly hasTrigger: boolean;
  readonly hasTimeAxis: boolean;
  readonly height: number;
  readonly onPlace: (ms: number) => void;
  readonly onDrag: (name: CursorName, ms: number) => void;
  readonly onZoom: (ms: number, factor: number) => void;
  readonly onWindow: (window: ViewWindow) => void;
  readonly onReset: () => void;
};

/**
 * One pane of the stack: the channels of one kind over the shared time. uPlot draws minimum and maximum per pixel when
 * samples are denser than pixels, so that no spike is lost at any zoom.
 */
export function WavePane(props: WavePaneProps) {
  const { channels, timesMs, window, cursorMs, marks } = props;
  const live = useRef(props);
  live.current = props;
  const plot = useRef<uPlot>(undefined);
  const count = channels.length;
  const { hasTimeAxis } = props;
  const options = useMemo(() => waveOptions(count, hasTimeAxis, live), [count, hasTimeAxis]);
  const data = useMemo(
    () =>
      [
        timesMs,
        ...channels.map(({ values }) => Array.from(values, (v) => (Number.isNaN(v) ? null : v))),
      ] as uPlot.AlignedData,
    [timesMs, channels],
  );
  useEffect(() => plot.current?.setScale('x', { min: window.from, max: window.to }), [window]);
  useEffect(() => plot.current?.redraw(false), [cursorMs.a, cursorMs.b, marks]);
  return (
    <Plot
      options={options}
      data={data}
      height={props.height}
      label={props.label}
      onPlot={(built) => {
        plot.current = built;
        built?.setScale('x', { min: live.current.window.from, max: live.current.window.to });
      }}
    />
  );
}

type PlotOptions = Omit<uPlot.Options, 'width' | 'height'>;

function waveOptions(count: number, hasTimeAxis: boolean, live: { readonly current: WavePaneProps }): PlotOptions {
  return {
    legend: { show: false },
    padding: [8, 16, 0, 0],
    series: [
      {},
      ...Array.from({ length: count }, (_, i) => ({ ...lineStyle(i), width: 1.2, points: { show: false } })),
    ],
    scales: {
      x: { time: false },
      y: {
        range: (_plot, min, max) => {
          const reach = Math.max(Math.abs(min ?? 0), Math.abs(max ?? 0)) * 1.08 || 1;
          return [-reach, reach];
        },
      },
    },
    axes: [
      {
        ...axisStyle,
        show: hasTimeAxis,
        size: 26,
        values: (_plot, splits) => splits.map((ms) => `${Number(ms.toFixed(3))} ms`),
      },
      { ...axisStyle, size: 58, values: (_plot, splits) => formatTicks(splits) },
    ],
    cursor: {
      sync: { key: 'capture' },
      drag: { x: true, y: false, setScale: false },
      points: { show: false },
      bind: {
        dblclick: () => () => (live.current.onReset(), null),
        // On a cursor the button drags it; anywhere else it draws the window to zoom into.
        mousedown: (plot, _target, select) => (event) => {
          const name = event.button === 0 ? cursorNear(plot, live.current.cursorMs, event.offsetX) : undefined;
          if (name === undefined) return select(event) ?? null;
          followMouse(plot, (ms) => live.current.onDrag(name, ms));
          return null;
        },
      },
    },
    hooks: {
      setCursor: [
        (plot) => {
          const isOnCursor = cursorNear(plot, live.current.cursorMs, plot.cursor.left ?? -10) !== undefined;
          plot.over.style.cursor = isOnCursor ? 'ew-resize' : '';
        },
      ],
      ready: [(plot) => bindPointer(plot, live)],
      setSelect: [
        (plot) => {
          if (plot.select.width < 8) return;
          const from = plot.posToVal(plot.select.left, 'x');
          const to = plot.posToVal(plot.select.left + plot.select.width, 'x');
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          live.current.onWindow({ from, to });
        },
      ],
      drawClear: [(plot) => shadeMarks(plot, live.current)],
      draw: [(plot) => drawMarks(plot, live.current)],
    },
  };
}

function bindPointer(plot: uPlot, live: { readonly current: WavePaneProps }): void {
  const at = (event: MouseEvent): number => plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, 'x');
  let pressedX: number | undefined;
  plot.over.addEventListener('mousedown', (event) => (pressedX = event.clientX));
  plot.over.addEventListener('click', (event) => {
    if (pressedX !== undefined && Math.abs(event.clientX - pressedX) < 4) live.current.onPlace(at(event));
  });
  plot.over.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      live.current.onZoom(at(event), event.deltaY > 0 ? 1.25 : 0.8);
    },
    { passive: false },
  );
}

/** Shades what was marked, behind the curves. */
function shadeMarks(plot: uPlot, { marks, window }: WavePaneProps): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = ink.marked;
  for (const { fromMs, toMs } of marks) {
    if (toMs < window.from || fromMs > window.to) continue;
    const left = plot.valToPos(Math.max(fromMs, window.from), 'x', true);
    const right = plot.valToPos(Math.min(toMs, window.to), 'x', true);
    ctx.fillRect(left, bbox.top, Math.max(1, right - left), bbox.height);
  }
  ctx.restore();
}

/** Zero line, trigger and the two cursors with their letters. */
function drawMarks(plot: uPlot, { cursorMs, hasTrigger, window }: WavePaneProps): void {
  const { ctx, bbox } = plot;
  const ratio = globalThis.devicePixelRatio || 1;
  const vertical = (ms: number, colour: string, letter: string, dash: number[]): void => {
    if (ms < window.from || ms > window.to) return;
    const x = Math.round(plot.valToPos(ms, 'x', true)) + 0.5;
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.setLineDash(dash.map((d) => d * ratio));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    // T stands at the foot, so that a cursor on the trigger does not cover it.
    ctx.fillText(letter, x + 3 * ratio, letter === 'T' ? bbox.top + bbox.height - 3 * ratio : bbox.top + 12 * ratio);
  };
  ctx.save();
  ctx.lineWidth = ratio;
  ctx.font = chartFont.replace('12px', `bold ${12 * ratio}px`);
  // uPlot leaves alignment and baseline of its axes behind.
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  if (hasTrigger) vertical(0, ink.warning, 'T', [3, 3]);
  vertical(cursorMs.b, ink.cursorB, 'B', []);
  vertical(cursorMs.a, ink.cursorA, 'A', []);
  ctx.restore();
}
