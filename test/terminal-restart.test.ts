import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ContractCentre } from './contract/client/contract-centre.ts';
import { eventually } from './contract/client/eventually.ts';
import { deviceOf, meanPowerW, switchingOf, writeWaveformCsv } from './harness/switching-waveform.ts';
import { TerminalProcess } from './harness/terminal-process.ts';

const PATIENCE_MS = 60_000;
const ON_AT_MS = 1_000;
const kettle = deviceOf('kettle', 1);
const lamp = deviceOf('incandescentLamp', 7);

let contract: ContractCentre;
let folder: string;
let secret: string;
let terminal: TerminalProcess | undefined;

before(async () => {
  [contract, folder] = await Promise.all([ContractCentre.start(), mkdtemp(path.join(tmpdir(), 'fengsui-restart-'))]);
  secret = await contract.register('K1');
});
after(async () => {
  await terminal?.kill9();
  await contract.dispose();
  await rm(folder, { recursive: true, force: true });
});

type Kept = {
  readonly energyKwh: Readonly<Record<string, number>>;
  readonly loads: Readonly<
    Record<string, { readonly tracker: { readonly loads: readonly { readonly id: string; readonly onAt: number }[] } }>
  >;
};

const stateFile = (): string => path.join(folder, 'K1.json');
const kept = async (): Promise<Kept> => (JSON.parse(await readFile(stateFile(), 'utf8')) as { state: Kept }).state;

function play(file: string): TerminalProcess {
  const where = ['--device', 'K1', '--centre', contract.process.mqttUrl, '--rated', 'c1=16'];
  terminal = new TerminalProcess(['--source', path.join(folder, file), ...where, '--state', stateFile()], secret);
  return terminal;
}

/** What the meter of the centre has shown, in the order of time, kWh. */
async function metered(): Promise<number[]> {
  const rows = await contract.rowsOf('K1', 'c1.energyKwh');
  return rows.map(([, , , last]) => last);
}

type Told = {
  readonly kind: string;
  readonly evidence: { readonly circuit: { readonly loadsOn: readonly unknown[] } };
};

test(
  'killed at once while a kettle runs, the terminal knows after the restart that it is on, and its meter does not fall',
  { timeout: 5 * PATIENCE_MS },
  async () => {
    const moments = { onAtMs: ON_AT_MS, durationMs: 40_000, seed: 31 };
    await writeWaveformCsv(path.join(folder, 'on.csv'), switchingOf({ target: kettle, ...moments }));
    // The kettle has been on for long when the terminal is back; a lamp goes on behind it, then the kettle off.
    const later = switchingOf({ target: lamp, background: [kettle], onAtMs: 2_000, durationMs: 4_500, seed: 31 });
    await writeWaveformCsv(path.join(folder, 'later.csv'), later);

    const first = play('on.csv');
    const on = await eventually(
      'the kettle in the state',
      async () => {
        const { loads } = (await kept()).loads['c1']?.tracker ?? { loads: [] };
        return loads[0];
      },
      PATIENCE_MS,
    );
    const reported = await eventually(
      'three values of the meter after that',
      async () => {
        const values = await metered();
        return values.length >= 8 ? values : undefined;
      },
      PATIENCE_MS,
    );
    await first.kill9();
    const before_ = await kept();
    assert.ok((reported.at(-1) ?? 0) > 0.001, 'the kettle has drawn something');

    const second = play('later.csv');
    assert.equal(await second.ends(), 0, second.stderr);
    const after_ = await kept();
    const tracked = after_.loads['c1']?.tracker.loads ?? [];
    assert.deepEqual(tracked[0]?.id, on.id, 'the same load, not a new one');
    assert.equal(tracked[0]?.onAt, on.onAt, 'on since the same instant');
    assert.ok((after_.energyKwh['c1'] ?? 0) > (before_.energyKwh['c1'] ?? Infinity));

    // The lamp's event tells of the kettle: nothing of its power is unexplained.
    await contract.sayWhy();
    const told = await contract.api.get<{ items: Told[] }>('/api/v1/events?deviceId=K1&kind=loadOn');
    const newest = told.items[0]?.evidence as unknown as {
      circuit: { unexplainedPowerW: number; loadsOn: { activePowerW: number }[] };
    };
    assert.equal(newest.circuit.loadsOn.length, 2);
    const kettleW = meanPowerW(later, 500, 1_500);
    assert.ok(
      Math.abs(newest.circuit.unexplainedPowerW) < 0.05 * kettleW,
      `${newest.circuit.unexplainedPowerW} W unexplained beside a kettle of ${kettleW.toFixed(0)} W`,
    );

    const values = await metered();
    values.forEach((value, index) =>
      assert.ok(value >= (values[index - 1] ?? 0), `the meter fell: ${values.join(' ')}`),
    );
  },
);
