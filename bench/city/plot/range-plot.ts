import { rounded, type Spread } from '../../statistics.ts';

/** One measure of several systems on a logarithmic axis of its own. */
export type Panel = {
  readonly title: string;
  /** What it was asked to be. */
  readonly bar?: { readonly value: number; readonly words: string };
  readonly rows: readonly PanelRow[];
};

export type PanelRow = {
  readonly label: string;
  readonly isOurs: boolean;
  /** Drawn full; the others are rings. */
  readonly isFull: boolean;
  /** Or the words that stand instead of it. */
  readonly range: Spread | string;
};

const WIDTH = 860;
const MARGIN = 16;
const LABELS = 304;
/** Left of it there is room for the value of the greatest mark. */
const RIGHT = WIDTH - 64;
const TITLE = 40;
const ROW = 24;
const AXIS = 34;
const LINE = 17;

/** Text and marks are drawn on a ground of their own, in the colours of the reader's scheme: seen on any page. */
const STYLE = `
.ground { fill: #ffffff } text { fill: #1f2328 } .faint { fill: #59636e } .grid { stroke: #d1d9e0 }
.value { stroke: #ffffff; stroke-width: 3px; paint-order: stroke }
.bar { stroke: #9a6700 } .bar-words { fill: #9a6700 } .ours { stroke: #0969da; fill: #0969da }
.peer { stroke: #59636e; fill: #59636e } .ring { fill: #ffffff }
@media (prefers-color-scheme: dark) {
  .ground { fill: #151b23 } text { fill: #f0f6fc } .faint { fill: #9198a1 } .grid { stroke: #3d444d }
  .value { stroke: #151b23 } .bar { stroke: #d29922 } .bar-words { fill: #d29922 } .ours { stroke: #4493f8; fill: #4493f8 }
  .peer { stroke: #9198a1; fill: #9198a1 } .ring { fill: #151b23 }
}`;

/**
 * SVG of the panels, one below the other: a mark at the median, a line from the least to the greatest value. Panels without a
 * number are left out. Below them `footnotes`, a line each.
 *
 * @throws Error for a number that a logarithmic axis has no place for.
 */
export function rangePlot(name: string, panels: readonly Panel[], footnotes: readonly string[]): string {
  const parts: string[] = [];
  let top = MARGIN;
  for (const panel of panels) {
    const values = panel.rows.flatMap(({ range }) => (typeof range === 'string' ? [] : [range.min, range.max]));
    if (values.length === 0) continue;
    const axis = logAxis([...values, ...(panel.bar === undefined ? [] : [panel.bar.value])], LABELS, RIGHT);
    parts.push(...drawPanel(panel, axis, top));
    top += TITLE + panel.rows.length * ROW + AXIS;
  }
  for (const note of footnotes) parts.push(textAt(MARGIN, (top += LINE) - 6, note, 'class="faint" font-size="12"'));
  const height = top + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="13">`,
    `<title>${escaped(name)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="ground" width="${WIDTH}" height="${height}" rx="8"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

export type LogAxis = {
  readonly ticks: readonly number[];
  /** Pixels from the left. */
  readonly place: (value: number) => number;
};

/** From `left` to `right`; begins and ends with 1, 2 or 5 times a power of ten around all values. */
export function logAxis(values: readonly number[], left: number, right: number): LogAxis {
  const stranger = values.find((value) => !(value > 0 && Number.isFinite(value)));
  if (stranger !== undefined) throw new Error(`a logarithmic axis has no place for ${stranger}`);
  if (values.length === 0) throw new Error('an axis of no values has no ends');
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const steps: number[] = [];
  for (let decade = Math.floor(Math.log10(least)) - 1; decade <= Math.ceil(Math.log10(most)) + 1; decade++)
    for (const digit of [1, 2, 5]) steps.push(Number(`${digit}e${decade}`));
  const from = steps.findLastIndex((step) => step < least);
  const to = steps.findIndex((step) => step > most);
  const inside = steps.slice(from, to + 1);
  const [low, high] = [Math.log10(inside[0] as number), Math.log10(inside.at(-1) as number)];
  const place = (value: number): number => left + ((Math.log10(value) - low) / (high - low)) * (right - left);
  // More than two decades: their beginnings alone.
  const ticks = high - low > 2 ? inside.filter((step) => Number.isInteger(Math.log10(step))) : inside;
  return { ticks, place };
}

function drawPanel({ title, bar, rows }: Panel, { ticks, place }: LogAxis, top: number): readonly string[] {
  const first = top + TITLE;
  const end = first + rows.length * ROW;
  return [
    textAt(MARGIN, top + 14, title, 'font-weight="600"'),
    ...ticks.flatMap((tick) => {
      const x = place(tick).toFixed(1);
      return [
        `<line class="grid" x1="${x}" x2="${x}" y1="${first}" y2="${end}"/>`,
        textAt(place(tick), end + 15, tickWords(tick), 'class="faint" font-size="11" text-anchor="middle"'),
      ];
    }),
    ...(bar === undefined ? [] : drawBar(place(bar.value), bar.words, first, end)),
    ...rows.flatMap((row, index) => drawRow(row, place, first + (index + 0.5) * ROW)),
  ];
}

function drawBar(at: number, words: string, first: number, end: number): readonly string[] {
  const x = at.toFixed(1);
  return [
    `<line class="bar" stroke-dasharray="4 3" stroke-width="1.5" x1="${x}" x2="${x}" y1="${first - 2}" y2="${end}"/>`,
    textAt(at, first - 6, words, 'class="bar-words" font-size="11" text-anchor="middle"'),
  ];
}

function drawRow(
  { label, isOurs, isFull, range }: PanelRow,
  place: (value: number) => number,
  y: number,
): readonly string[] {
  const words = textAt(LABELS - 14, y + 4.5, label, `text-anchor="end"${isOurs ? ' font-weight="600"' : ''}`);
  if (typeof range === 'string') return [words, textAt(LABELS + 8, y + 4.5, range, 'class="faint"')];
  const kind = isOurs ? 'ours' : 'peer';
  const [from, middle, to] = [place(range.min), place(range.median), place(range.max)];
  return [
    words,
    `<line class="${kind}" stroke-width="3" stroke-linecap="round" x1="${from.toFixed(1)}" x2="${to.toFixed(1)}" y1="${y}" y2="${y}"/>`,
    `<circle class="${kind}${isFull ? '' : ' ring'}" stroke-width="2.5" r="5.5" cx="${middle.toFixed(1)}" cy="${y}"/>`,
    textAt(Math.max(to, middle + 5.5) + 8, y + 4.5, rounded(range.median), 'class="value" font-size="12"'),
  ];
}

const tickWords = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 1 });

const textAt = (x: number, y: number, words: string, more: string): string =>
  `<text x="${Number(x.toFixed(1))}" y="${y}" ${more}>${escaped(words)}</text>`;

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
