import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { noFaults } from '../plan/faults.ts';
import { readTruth, reportBits } from './truth.ts';
import type { TruthLine } from './truth-line.ts';
import { TruthWriter } from './truth-writer.ts';

const head: readonly TruthLine[] = [
  {
    is: 'run',
    version: 1,
    run: 5,
    epoch: 'e',
    startedAt: 1_000,
    seed: 1,
    protocol: 'mqtt',
    ratePerS: 1,
    faults: noFaults,
  },
  { is: 'device', deviceId: 'd1', model: 'generic-smoke', skewMs: 7 },
];

async function inFile(act: (file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fleet-truth-'));
  try {
    await act(path.join(folder, 'truth.ndjson'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('what is written is read again: numbers sent and acknowledged, alarms, instants', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 }),
      fc.integer({ min: 0, max: 60 }),
      async (seqs, acknowledgedCount) => {
        await inFile(async (file) => {
          const writer = new TruthWriter(file);
          for (const line of head) writer.add(line);
          for (const seq of seqs) writer.add({ is: 'sent', deviceId: 'd1', seq, at: 2_000 + seq, report: 'telemetry' });
          writer.flush();
          const acknowledged = seqs.slice(0, acknowledgedCount);
          for (const seq of acknowledged) writer.add({ is: 'acknowledged', deviceId: 'd1', seq, at: 9_000 });
          writer.close();
          const truth = await readTruth(file);
          const reports = truth.devices.get('d1')?.reports;
          assert.equal(truth.sent, seqs.length);
          assert.equal(truth.acknowledged, acknowledged.length);
          for (let seq = 0; seq <= 5_000; seq++) {
            const expected =
              (seqs.includes(seq) ? reportBits.sent : 0) | (acknowledged.includes(seq) ? reportBits.acknowledged : 0);
            assert.equal(reports?.of(seq), expected);
          }
        });
      },
    ),
    { numRuns: 15 },
  );
});

test('lines are on the file when flush returns, without close', () =>
  inFile(async (file) => {
    const writer = new TruthWriter(file);
    writer.add(head[0] as TruthLine);
    assert.equal(await readFile(file, 'utf8'), '');
    writer.flush();
    assert.equal((await readFile(file, 'utf8')).split('\n').length, 2);
    writer.close();
  }));

test('a last line that was cut is left out; a damaged line before the end, or a stranger, is refused by its number', () =>
  inFile(async (file) => {
    const writer = new TruthWriter(file);
    for (const line of head) writer.add(line);
    writer.add({ is: 'sent', deviceId: 'd1', seq: 0, at: 1, report: 'event' });
    writer.close();
    await appendFile(file, '{"is":"acknowledged","devi');
    assert.equal((await readTruth(file)).sent, 1);
    await appendFile(file, '\n{"is":"acknowledged","deviceId":"d1","seq":0,"at":1}\n');
    await assert.rejects(readTruth(file), /line 4: /);
  }));

test('a report of a device that was never named, and a file without a run, are refused', async () => {
  await inFile(async (file) => {
    await appendFile(
      file,
      `${JSON.stringify(head[0])}\n{"is":"sent","deviceId":"dx","seq":0,"at":1,"report":"event"}\n`,
    );
    await assert.rejects(readTruth(file), /line 2: device "dx" has no line/);
  });
  await inFile(async (file) => {
    await appendFile(file, '');
    await assert.rejects(readTruth(file), /no line of a run/);
  });
});

test('the truth about an earlier run is not overwritten', () =>
  inFile(async (file) => {
    new TruthWriter(file).close();
    assert.throws(() => new TruthWriter(file), /EEXIST/);
  }));
