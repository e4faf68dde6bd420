/** Colours of canvases, which CSS variables do not reach; the same steps as in tokens.css. */
export const ink = {
  text: '#d5dce3',
  muted: '#93a0ad',
  grid: '#29313a',
  axis: '#93a0ad',
  panel: '#1b2026',
  attention: '#f5d142',
  warning: '#ff9f1a',
  alarm: '#ff4d4f',
  marked: '#ff9f1a38',
  cursorA: '#ffffff',
  cursorB: '#9fd4ea',
} as const;

/** Lines of normal data: told apart by lightness and dash, not by saturated colour, which is kept for the abnormal. */
export const lineStyles: readonly { readonly stroke: string; readonly dash: readonly number[] }[] = [
  { stroke: '#e3e8ed', dash: [] },
  { stroke: '#8fb0c4', dash: [] },
  { stroke: '#b9a98c', dash: [] },
  { stroke: '#8fab98', dash: [7, 3] },
  { stroke: '#a99cba', dash: [7, 3] },
  { stroke: '#7d8b98', dash: [2, 3] },
];

export function lineStyle(index: number): { readonly stroke: string; readonly dash: number[] } {
  const style = lineStyles[index % lineStyles.length];
  return { stroke: style?.stroke ?? ink.text, dash: [...(style?.dash ?? [])] };
}

export const chartFont = '12px "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif';

/** Axis look shared by all charts. */
export const axisStyle = {
  stroke: ink.axis,
  font: chartFont,
  grid: { stroke: ink.grid, width: 1 },
  ticks: { stroke: ink.grid, width: 1, size: 4 },
} as const;
