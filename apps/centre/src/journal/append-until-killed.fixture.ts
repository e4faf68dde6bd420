// Child of journal-conformance.ts: appends and prints the last acknowledged sequence until it is killed.
// Arguments: `segments FOLDER` or `jetstream URL PREFIX` or `worker URL PREFIX`.
import process from 'node:process';
import { openJetStreamJournal } from './jetstream/jetstream-journal.ts';
import { openWorkerJournal } from './jetstream/worker-journal.ts';
import type { Journal } from './journal.ts';
import { openSegmentJournal } from './segment-journal.ts';

const [kind, where = '', prefix = ''] = process.argv.slice(2);
const common = { startAfter: { alarm: 0, bulk: 0 }, warn: () => undefined, onHeld: () => undefined };
const openers: Readonly<Record<string, () => Promise<Journal>>> = {
  jetstream: () => openJetStreamJournal({ ...common, url: where, prefix }),
  worker: () => openWorkerJournal({ ...common, url: where, prefix }),
};
const openSegments = (): Promise<Journal> => openSegmentJournal({ ...common, folder: where, segmentBytes: 10_000 });
const journal = await (openers[kind ?? ''] ?? openSegments)();

for (let i = 1; ; i++) {
  const [sequence] = await journal.append('bulk', [
    { kind: 'report', partition: 0, appendedAt: 0, meta: { text: `e${i}` }, payload: new Uint8Array(i % 300) },
  ]);
  // A pipe may hold back what was printed: what the reader knows of was written for certain.
  await new Promise<void>((resolve) => process.stdout.write(`${sequence}\n`, () => resolve()));
}
