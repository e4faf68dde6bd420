import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FEATURES } from '../src/index.ts';
import { readGoldenVectors, type GoldenVector } from './golden-vectors.ts';

const SOURCE = fileURLToPath(new URL('../../../docs/reference/port/fingerprint.c', import.meta.url));
const POINTS = 128;
const HEAD = 4;
const hasCompiler = spawnSync('cc', ['--version'], { timeout: 10_000 }).status === 0;
const { vectors, features } = readGoldenVectors();

/** What fingerprint.md promises a port, features at their place; the rest 10⁻³. */
const TOLERANCES: Readonly<Record<string, number>> = {
  nonresistive: 2e-3,
  ownHarmonics: 2e-3,
  peakAngle: 0.1,
  crossings: 0,
  conduction: 0,
};

test(
  'a port to C in float32, written from fingerprint.md, gives all golden vectors within the tolerances of the page',
  { skip: hasCompiler ? false : 'no C compiler here' },
  (context) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'fengsui-port-'));
    context.after(() => rmSync(folder, { recursive: true }));
    const program = path.join(folder, 'fingerprint');
    const flags = ['-std=c99', '-O2', '-Wall', '-Wextra', '-Werror', '-DFINGERPRINT_FILTER'];
    const compiled = spawnSync('cc', [...flags, '-o', program, SOURCE, '-lm'], { timeout: 60_000, encoding: 'utf8' });
    assert.equal(compiled.status, 0, compiled.stderr);
    const run = spawnSync(program, { input: Buffer.concat(vectors.map(recordOf)), timeout: 30_000 });
    assert.equal(run.stdout.length, 4 * vectors.length * (HEAD + FEATURES.length));
    const largest: Record<string, number> = {};
    vectors.forEach((vector, index) => {
      const at = (place: number): number => run.stdout.readFloatLE(4 * (index * (HEAD + FEATURES.length) + place));
      compare(vector, at, (name, away) => (largest[name] = Math.max(largest[name] ?? 0, away)));
    });
    const worst = Object.entries(largest).sort((a, b) => b[1] - a[1]);
    context.diagnostic(
      worst
        .slice(0, 5)
        .map(([name, away]) => `${name} ${away.toExponential(1)}`)
        .join(', '),
    );
  },
);

function compare(
  { id, expected, features: row = [] }: GoldenVector,
  at: (place: number) => number,
  note: (name: string, away: number) => void,
): void {
  assert.equal(at(0) === 1, expected.kind === 'fingerprint', id);
  if (expected.kind !== 'fingerprint') return;
  const admittance = Math.hypot(expected.conductanceS, expected.susceptanceS);
  const near = (name: string, actual: number, wanted: number, tolerance: number): void => {
    const away = Math.abs(actual - wanted);
    note(name, away);
    assert.ok(away <= tolerance, `${id} ${name}: ${actual}, expected ${wanted}`);
  };
  near('conductanceS', at(1) / admittance, expected.conductanceS / admittance, 1e-4);
  near('susceptanceS', at(2) / admittance, expected.susceptanceS / admittance, 1e-4);
  if (expected.noiseRatio === undefined) assert.ok(Number.isNaN(at(3)), id);
  else near('noiseRatio', at(3), expected.noiseRatio, 1e-3);
  row.forEach((value, place) => {
    const name = features[place] ?? '';
    const actual = at(HEAD + place);
    if (value === null) assert.ok(Number.isNaN(actual), `${id} ${name}: ${actual}`);
    else near(name, actual, value, TOLERANCES[name] ?? 1e-3);
  });
}

/** As the program reads it: 8 floats, then six waves. */
function recordOf({ input }: GoldenVector): Buffer {
  const { kind, before, after, differenceCurrentA, differenceErrorA, transient, cycle, settledCycle } = input;
  const flags =
    (kind === 'off' ? 1 : 0) + (differenceCurrentA ? 2 : 0) + (differenceErrorA ? 4 : 0) + (transient ? 8 : 0);
  const settle = cycle === undefined || settledCycle === undefined ? -1 : settledCycle - cycle;
  const none = new Float64Array(POINTS);
  const numbers = [
    ...[
      flags,
      before.cycleCount,
      after.cycleCount,
      transient?.inrushRatio ?? 0,
      transient?.peakRatio ?? 0,
      settle,
      0,
      0,
    ],
    ...[before.voltageV, before.currentA, after.voltageV, after.currentA],
    ...[differenceCurrentA ?? none, differenceErrorA ?? none],
  ].flatMap((part) => (typeof part === 'number' ? [part] : [...part]));
  const record = Buffer.alloc(4 * numbers.length);
  numbers.forEach((value, place) => record.writeFloatLE(value, 4 * place));
  return record;
}
