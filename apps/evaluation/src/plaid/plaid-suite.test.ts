import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createRandom } from '@fengsui/fingerprint';
import { runSuite } from '../run-suite.ts';
import { EvaluationError } from '../suite.ts';
import { readPlaidFolder } from './plaid-rows.ts';

const columns = 'id,label,house,campaign,house_key,vrms,irms,ipk,crest,dpf,q_sign,PF,h1,h3,h5,h7,h9,h11,thd'.split(',');

/** Rows made by closed forms: resistors by power, a motor by its phase, a rectifier by its harmonics. */
function tableOf(houses: readonly string[], labels: readonly string[], seed: number): string {
  const random = createRandom(seed);
  const lines = [columns.join(',')];
  let id = 0;
  for (const house of houses) {
    for (const label of labels) {
      const device = 0.9 + 0.2 * random();
      for (let repeat = 0; repeat < 3; repeat++)
        lines.push(lineOf(`t-${id++}`, label, house, device * (0.99 + 0.02 * random())));
    }
  }
  return lines.join('\r\n') + '\r\n';
}

function lineOf(id: string, label: string, house: string, factor: number): string {
  const kinds: Readonly<Record<string, readonly [va: number, phi: number, h3: number]>> = {
    Hairdryer: [1400, 0, 0.02],
    Fan: [60, 0.6, 0.08],
    Laptop: [50, -0.2, 0.8],
    Robot: [300, 1.2, 0.3],
  };
  const [va, phi, h3] = kinds[label] ?? [1, 0, 0];
  const i1 = (va * factor) / 120;
  const ratios = [h3, h3 * 0.6, h3 * 0.3, h3 * 0.2, h3 * 0.1];
  const irms = i1 * Math.sqrt(1 + ratios.reduce((sum, ratio) => sum + ratio * ratio, 0));
  const h1 = i1 * Math.SQRT2;
  const row: Record<string, string | number> = {
    id,
    label,
    house,
    campaign: '"July, 2013"',
    house_key: `"July, 2013_${house}"`,
    vrms: 120,
    irms,
    ipk: irms * 1.5,
    crest: 1.5,
    dpf: Math.cos(phi),
    q_sign: Math.sign(phi) || 1,
    PF: (Math.cos(phi) * i1) / irms,
    h1,
    thd: Math.sqrt(irms * irms - i1 * i1) / i1,
  };
  [3, 5, 7, 9, 11].forEach((order, i) => (row[`h${order}`] = h1 * (ratios[i] ?? 0)));
  return columns.map((column) => row[column]).join(',');
}

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fengsui-evaluate-'));
  folders.push(folder);
  return folder;
}

async function folderOf(table: string): Promise<string> {
  const folder = await scratchFolder();
  const other = { file: 'other.csv', columns: ['P', 'Label'], label_column: 'Label', group_column: 'house' };
  const own = { file: 't.csv', columns, label_column: 'label', group_column: 'house_key' };
  await writeFile(join(folder, 'index.json'), JSON.stringify({ files: [other, own], nominal_voltage_v: 120, more: 1 }));
  await writeFile(join(folder, 't.csv'), table);
  return folder;
}

const houses = Array.from({ length: 6 }, (_, i) => `house${i}`);
let open = '';
let sealed = '';

before(async () => {
  open = await folderOf(tableOf(houses, ['Hairdryer', 'Fan', 'Laptop'], 1));
  sealed = await folderOf(tableOf(['house7', 'house8'], ['Hairdryer', 'Fan', 'Laptop', 'Robot'], 2));
});

test('the same folder twice is judged by leaving out houses', { timeout: 400_000 }, async () => {
  const { report } = await runSuite(['plaid', '--train', open, '--test', open], () => undefined);
  assert.match(report.split, /one house_key left out at a time \(6 houses\)/);
  assert.equal(report.recordings, 54);
  assert.equal(report.groups, 6);
  assert.deepEqual(
    report.skipped.map(({ id }) => id),
    ['other.csv'],
  );
  assert.equal(report.metrics['typeAccuracy'], 1);
  assert.equal(report.metrics['familyMacroF1'], 1);
  assert.ok(Number(report.metrics['unknownAuroc']) > 0.9, 'three kinds far apart: each is new without itself');
  assert.equal(report.bars.length, 5);
});

test(
  'another folder: an unknown label is no error, is left out of accuracy, and scores as unknown',
  { timeout: 400_000 },
  async () => {
    const { report } = await runSuite(['plaid', '--train', open, '--test', sealed, '--seed', '3'], () => undefined);
    assert.equal(report.metrics['typeAccuracy'], 1);
    assert.equal(report.recordings, 24);
    assert.equal((report.details as { unknownTestRows: number }).unknownTestRows, 6);
    assert.ok(Number(report.metrics['unknownAuroc']) > 0.9);
    assert.equal(report.bars.find(({ metric }) => metric === 'typeAccuracy')?.atLeast, 0.85);
  },
);

test('rows with a missing value that is needed are skipped with the reason', async () => {
  const table = tableOf(['house1'], ['Fan'], 1).replace(/,120,/, ',,');
  const { rows, skipped } = await readPlaidFolder(await folderOf(table));
  assert.equal(rows.length, 2);
  assert.deepEqual(skipped, [
    { id: 'other.csv', reason: 'no column vrms, irms, dpf, q_sign, h1, h3, h5' },
    { id: 't-0', reason: 'vrms is missing' },
  ]);
});

test('a folder whose houses are all judged leaves nothing to train on, and says so', async () => {
  const same = await folderOf(tableOf(houses, ['Fan', 'Laptop'], 5));
  await assert.rejects(
    runSuite(['plaid', '--train', same, '--test', open], () => undefined),
    (error: unknown) => {
      return error instanceof EvaluationError && /no house is left to train on/.test(error.message);
    },
  );
});
