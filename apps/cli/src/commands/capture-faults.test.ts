import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { formatCff, formatComtrade, type Recording } from '@fengsui/protocol';
import {
  deviceOf,
  meanPowerW,
  switchingOf,
  writeWaveformCsv,
  type Waveform,
} from '../../../../test/harness/switching-waveform.ts';

const executable = path.resolve(import.meta.dirname, '../../bin/fengsui.mjs');

type Named = { readonly level: string; readonly name: string; readonly confidence: number };
type Inspection = {
  readonly findings: readonly { readonly kind: string; readonly channel: string; readonly detail: string }[];
  readonly circuits: readonly { readonly activePowerW: number | null; readonly voltageV: number | null }[];
  readonly switchings: readonly {
    readonly atMs: number;
    readonly evidence: {
      readonly switching: { readonly direction: string; readonly activePowerW: number };
      readonly recognition: { readonly named?: Named };
    };
  }[];
  readonly hazards: readonly { readonly kind: string; readonly active: boolean }[];
  readonly wholes: readonly { readonly unusable?: string; readonly recognition?: { readonly named?: Named } }[];
};

const ON_AT_MS = 1_000;
const kettle = deviceOf('kettle', 1);
/** A kettle that goes on after a second on a circuit that was empty. */
const whole = switchingOf({ target: kettle, onAtMs: ON_AT_MS, durationMs: 3_000, seed: 21 });

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-faults-'));
});
after(() => rm(folder, { recursive: true }));

async function inspect(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [executable, 'capture', 'inspect', ...args], {
    timeout: 400_000,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

async function inspectionOf(file: string): Promise<Inspection> {
  const { code, stdout, stderr } = await inspect(file, '--json');
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Inspection;
}

async function inspectWaveform(name: string, waveform: Waveform): Promise<Inspection> {
  const file = path.join(folder, `${name}.csv`);
  await writeWaveformCsv(file, waveform);
  return inspectionOf(file);
}

/** The kettle's own power: what the circuit draws after the switching, for it drew nothing before. */
const kettleW = meanPowerW(whole, 1_500, 2_500);

function assertKettle({ switchings, findings, hazards }: Inspection): void {
  assert.deepEqual([findings, hazards], [[], []]);
  assert.equal(switchings.length, 1);
  const [{ atMs, evidence } = assert.fail()] = switchings;
  assert.ok(Math.abs(atMs - ON_AT_MS) <= 40, `switched at ${atMs} ms, rendered at ${ON_AT_MS} ms`);
  assert.equal(evidence.switching.direction, 'on');
  const { activePowerW } = evidence.switching;
  assert.ok(Math.abs(activePowerW / kettleW - 1) < 0.02, `${activePowerW} W, rendered ${kettleW} W`);
  const { named } = evidence.recognition;
  assert.ok(named !== undefined && ['resistive', 'kettle'].includes(named.name), JSON.stringify(named));
}

test('a switching in a CSV is told with its instant, its power and a name', async () => {
  assertKettle(await inspectWaveform('whole', whole));
  const { stdout } = await inspect(path.join(folder, 'whole.csv'));
  assert.match(
    stdout,
    /no findings\nc1 at (0\.9[6-9]|1\.0[0-4])\d* s: on [\d.]+ W, -?[\d.e-]+ var: (resistive|kettle) \(/,
  );
});

const recording: Recording = {
  sampleRateHz: whole.sampleRateHz,
  mainsHz: whole.mainsHz,
  startedAt: Date.UTC(2026, 0, 5),
  channels: [
    { name: 'voltageV', unit: 'V', values: whole.voltageV },
    { name: 'currentA', unit: 'A', values: whole.currentA },
  ],
};

for (const format of ['ASCII', 'BINARY'] as const)
  test(`the same switching in a COMTRADE pair and a combined file (${format}) is told alike`, async () => {
    const options = { station: 'S', deviceId: 'D', format };
    const { cfg, dat } = formatComtrade(recording, options);
    const stem = path.join(folder, format);
    await Promise.all([
      writeFile(`${stem}.cfg`, cfg),
      writeFile(`${stem}.dat`, dat),
      writeFile(`${stem}.cff`, formatCff(recording, options)),
    ]);
    for (const file of [`${stem}.cfg`, `${stem}.cff`]) assertKettle(await inspectionOf(file));
  });

const changed = (change: Partial<Waveform>): Waveform => ({ ...whole, ...change });
const framesOf = (ms: number): number => Math.round((ms * whole.sampleRateHz) / 1_000);
const peakA = whole.currentA.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The same recording with one thing wrong with it, and by what name that goes. */
const faults: readonly (readonly [what: string, kind: string, channel: string, waveform: Waveform])[] = [
  [
    'too short',
    'tooShort',
    'recording',
    changed({ voltageV: whole.voltageV.slice(0, framesOf(35)), currentA: whole.currentA.slice(-framesOf(35)) }),
  ],
  [
    'clipped at 60 % of its peak',
    'clipped',
    'currentA',
    changed({ currentA: whole.currentA.map((value) => Math.max(-0.6 * peakA, Math.min(0.6 * peakA, value))) }),
  ],
  ['without voltage', 'noVoltage', 'voltageV', changed({ voltageV: whole.voltageV.map(() => 0) })],
  ['with a voltage in kilovolts', 'noVoltage', 'voltageV', changed({ voltageV: whole.voltageV.map((v) => v / 1_000) })],
  ['with ten times the voltage', 'wrongScale', 'voltageV', changed({ voltageV: whole.voltageV.map((v) => 10 * v) })],
  [
    'with 200 ms of voltage held still',
    'gap',
    'voltageV',
    changed({
      voltageV: whole.voltageV.map((value, frame) =>
        frame >= framesOf(1_500) && frame < framesOf(1_700) ? (whole.voltageV[framesOf(1_500)] ?? NaN) : value,
      ),
    }),
  ],
  [
    'with a few values missing',
    'notANumber',
    'currentA',
    changed({ currentA: whole.currentA.map((value, frame) => (frame % 4_000 === 3_999 ? NaN : value)) }),
  ],
];

const fileOf = (what: string): string => what.replaceAll(/\W+/g, '-');

for (const [what, kind, channel, waveform] of faults)
  test(`a recording ${what} is named ${kind}, and no load is guessed from it`, async () => {
    const { findings, wholes, switchings, hazards } = await inspectWaveform(fileOf(what), waveform);
    const found = findings.find((finding) => finding.kind === kind && finding.channel === channel);
    assert.ok(found, JSON.stringify(findings));
    assert.match(found.detail, /\d/, 'with the value found');
    assert.deepEqual(switchings, []);
    assert.deepEqual(
      hazards.filter(({ kind: hazard }) => hazard === 'arc'),
      [],
      'nor an arc',
    );
    assert.deepEqual(
      wholes.map(({ recognition, unusable }) => [recognition, typeof unusable]),
      [[undefined, 'string']],
    );
    const { stdout } = await inspect(path.join(folder, `${fileOf(what)}.csv`));
    assert.match(stdout, new RegExp(`finding: c1 ${channel}: ${kind}\\b`));
    assert.match(stdout, /c1 as a whole: not recognised: \S/);
  });

test('a dc offset of the converter is named, and the load behind it is known all the same', async () => {
  const currentA = whole.currentA.map((value) => value + 0.2 * peakA);
  const { findings, switchings } = await inspectWaveform('dcOffset', changed({ currentA }));
  assert.ok(
    findings.some(({ kind, channel }) => kind === 'dcOffset' && channel === 'currentA'),
    JSON.stringify(findings),
  );
  assert.deepEqual(
    switchings.map(({ evidence }) => evidence.recognition.named?.name),
    ['resistive'],
    'an offset that is there before and after belongs to nothing that was switched',
  );
});
