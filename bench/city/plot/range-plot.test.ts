import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logAxis, rangePlot, type Panel } from './range-plot.ts';

const panel: Panel = {
  title: 'Latency & more <ms>',
  bar: { value: 300, words: 'bar' },
  rows: [
    { label: 'ours', isOurs: true, isFull: true, range: { n: 3, min: 20, median: 40, max: 80 } },
    { label: 'peer', isOurs: false, isFull: false, range: { n: 1, min: 700, median: 700, max: 700 } },
    { label: 'other', isOurs: false, isFull: false, range: 'no page' },
  ],
};

const near = (value: number, expected: number): void => assert.ok(Math.abs(value - expected) < 1e-9, `${value}`);

/** Numbers of an attribute, in the order of the document. */
const numbersOf = (svg: string, attribute: string, element: string): number[] =>
  [...svg.matchAll(new RegExp(`<${element} [^>]*\\b${attribute}="([^"]*)"`, 'g'))].map(([, text]) => Number(text));

test('an axis holds all values between its ends, and equal ratios are equally far apart', () => {
  const { ticks, place } = logAxis([30, 450], 100, 700);
  assert.deepEqual(ticks, [20, 50, 100, 200, 500]);
  near(place(20), 100);
  near(place(500), 700);
  near(place(200) - place(100), place(100) - place(50));
  // log(60/20) / log(500/20) of 600 pixels.
  near(place(60), 100 + 600 * (Math.log(3) / Math.log(25)));
});

test('values on a step stand inside, and long axes have powers of ten alone', () => {
  assert.deepEqual(logAxis([100], 0, 1).ticks, [50, 100, 200]);
  assert.deepEqual(logAxis([0.3, 40_000], 0, 1).ticks, [1, 10, 100, 1_000, 10_000]);
});

test('what a logarithmic axis has no place for is refused by its value', () => {
  for (const value of [0, -3, NaN, Infinity])
    assert.throws(() => logAxis([1, value], 0, 1), new RegExp(`no place for ${value}`));
});

test('marks stand at the medians, lines go from the least to the greatest, words where there is no number', () => {
  const svg = rangePlot('Name', [panel], []);
  const [ours = NaN, peer = NaN, ...more] = numbersOf(svg, 'cx', 'circle');
  assert.deepEqual(more, []);
  const { place } = logAxis([20, 80, 700, 300], 304, 796);
  assert.ok(Math.abs(ours - place(40)) <= 0.05 && Math.abs(peer - place(700)) <= 0.05);
  const [from, to] = [place(20), place(80)].map((x) => x.toFixed(1));
  assert.match(svg, new RegExp(`<line class="ours"[^>]* x1="${from}" x2="${to}"`));
  assert.match(svg, /<circle class="ours" /);
  assert.match(svg, /<circle class="peer ring" /);
  assert.match(svg, />no page<\/text>/);
});

test('text is escaped, nothing is not a number, and everything stands inside the picture', () => {
  const svg = rangePlot('A "name"', [panel, panel], ['one', 'two']);
  assert.match(svg, />Latency &amp; more &lt;ms&gt;<\/text>/);
  assert.match(svg, /<title>A &quot;name&quot;<\/title>/);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
  const [, width = 0, height = 0] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)?.map(Number) ?? [];
  const ys = numbersOf(svg, 'y', 'text');
  // Of each panel the title, seven ticks, the bar, three labels and three values; then two lines.
  assert.equal(ys.length, 2 * (1 + 7 + 1 + 3 + 3) + 2);
  assert.ok(ys.every((y) => y > 0 && y < height));
  assert.ok([...numbersOf(svg, 'x', 'text'), ...numbersOf(svg, 'cx', 'circle')].every((x) => x > 0 && x < width));
});

test('a panel that has no number at all is left out', () => {
  const empty: Panel = { title: 'Nothing', rows: [{ label: 'x', isOurs: true, isFull: true, range: 'no page' }] };
  assert.doesNotMatch(rangePlot('Name', [empty, panel], []), /Nothing/);
});
