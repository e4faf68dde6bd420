import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { ContractCentre } from './contract/client/contract-centre.ts';
import { eventually, sleep } from './contract/client/eventually.ts';
import { CuttableLink } from './harness/cuttable-link.ts';
import { deviceOf, switchingOf, writeWaveformCsv } from './harness/switching-waveform.ts';
import { TerminalProcess } from './harness/terminal-process.ts';

const PATIENCE_MS = 60_000;
/** Long enough for the outage of a default run; FENGSUI_OUTAGE_S=600 is the long one. */
const OUTAGE_MS = 1000 * Number(process.env['FENGSUI_OUTAGE_S'] ?? '6');

let contract: ContractCentre;
let link: CuttableLink;
let folder: string;
let secret: string;
let terminal: TerminalProcess | undefined;

before(async () => {
  [contract, folder] = await Promise.all([ContractCentre.start(), mkdtemp(path.join(tmpdir(), 'fengsui-outbox-'))]);
  secret = await contract.register('K1');
  link = await CuttableLink.to(contract.process.mqttPort);
});
after(async () => {
  await terminal?.kill9();
  await link.close();
  await contract.dispose();
  await rm(folder, { recursive: true, force: true });
});

const stateFile = (): string => path.join(folder, 'K1.json');

function play(file: string, ...more: string[]): TerminalProcess {
  const where = [
    '--device',
    'K1',
    '--centre',
    `mqtt://127.0.0.1:${link.port}`,
    '--rated',
    'c1=16',
    '--interval',
    '200',
  ];
  const source = ['--source', path.join(folder, file), '--state', stateFile()];
  terminal = new TerminalProcess([...source, ...where, '--no-loads', ...more], secret);
  return terminal;
}

type Owed = { readonly epoch: string; readonly seq: number; readonly at: number };

/** Reports that lie in the outbox of a terminal that is dead, in their order. */
function owed(...channels: readonly ('telemetry' | 'event')[]): Owed[] {
  const db = new DatabaseSync(path.join(folder, 'K1.outbox'));
  const rows = db.prepare('select topic, payload from packet order by n').all();
  db.close();
  return rows
    .filter(({ topic }) => channels.some((channel) => String(topic).endsWith(`/${channel}`)))
    .map(({ payload }) => JSON.parse(new TextDecoder().decode(payload as Uint8Array)) as Owed);
}

const owedTelemetry = (): Owed[] => owed('telemetry');

/** From the first to the last, by the terminal's clock. */
const spanMs = (owed: readonly Owed[]): number => (owed.at(-1)?.at ?? 0) - (owed[0]?.at ?? 0);

async function instantsAtCentre(): Promise<number[]> {
  return (await contract.rowsOf('K1', 'c1.currentA')).map(([at]) => at);
}

test(
  'link cut, terminal killed in the middle, started again without a link: all of it arrives, once, live data first',
  { timeout: 10 * PATIENCE_MS + 4 * OUTAGE_MS },
  async () => {
    const moments = { target: deviceOf('kettle', 1), onAtMs: 1_000, seed: 31 };
    await writeWaveformCsv(path.join(folder, 'on.csv'), switchingOf({ ...moments, durationMs: 20_000 }));
    const first = play('on.csv', '--repeat');
    await eventually('ten reports', async () => (await instantsAtCentre()).length >= 10, PATIENCE_MS);
    link.cut();
    const cutAt = Date.now();
    await sleep(OUTAGE_MS);
    // A starved terminal gets on more slowly than the clock: so long as it owes too little, the outage lasts.
    await eventually('enough to be owed', () => spanMs(owedTelemetry()) >= 0.8 * OUTAGE_MS, PATIENCE_MS);
    await first.kill9();
    const outageMs = Date.now() - cutAt;
    const owedByFirst = owedTelemetry();
    // Telemetry and events share one count: the daily self-test may fall into the outage.
    const seqs = owed('telemetry', 'event')
      .map(({ seq }) => seq)
      .sort((a, b) => a - b);
    const owedMs = spanMs(owedByFirst);
    assert.ok(owedMs >= 0.5 * OUTAGE_MS, `${owedByFirst.length} reports over ${owedMs} ms are owed`);

    const second = play('on.csv', '--repeat');
    await eventually('reports of the second run', () => owedTelemetry().length > owedByFirst.length + 10, PATIENCE_MS);
    link.mend();
    const mendedAt = Date.now();
    await eventually('a live report', async () => (await instantsAtCentre()).some((at) => at > mendedAt), PATIENCE_MS);
    await eventually(
      'everything owed',
      async () => {
        const instants = new Set(await instantsAtCentre());
        return owedByFirst.every(({ at }) => instants.has(at));
      },
      PATIENCE_MS,
    );
    assert.equal(await second.stop(), 0, second.stderr);
    assert.deepEqual(owedTelemetry(), [], 'nothing is owed any more');

    const instants = await instantsAtCentre();
    assert.equal(new Set(instants).size, instants.length, 'nothing is there twice');
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => (seqs[0] ?? 0) + index),
      'no number is missing',
    );
    // One count over both runs: what came late is backlog to the centre, and raised nothing.
    assert.equal(new Set(owedByFirst.map(({ epoch }) => epoch)).size, 1);
    const during = instants.filter((at) => at > cutAt && at < cutAt + outageMs);
    assert.ok(during.length >= (0.5 * OUTAGE_MS) / 200, `${during.length} reports of the outage`);
    assert.deepEqual(await contract.api.alarmsOf('K1'), []);
  },
);
