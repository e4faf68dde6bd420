// Child of segment-journal.test.ts: appends and prints the last acknowledged sequence until it is killed.
import process from 'node:process';
import { openSegmentJournal } from './segment-journal.ts';

const journal = await openSegmentJournal({
  folder: process.argv[2] as string,
  startAfter: { alarm: 0, bulk: 0 },
  segmentBytes: 10_000,
  warn: () => undefined,
  onHeld: () => undefined,
});

for (let i = 1; ; i++) {
  const [sequence] = await journal.append('bulk', [
    { kind: 'report', partition: 0, appendedAt: 0, meta: { text: `e${i}` }, payload: new Uint8Array(i % 300) },
  ]);
  process.stdout.write(`${sequence}\n`);
}
