import process from 'node:process';
import { openDiskOutbox } from './disk-outbox.ts';

/** Puts reports until it is killed and says each one's number after `put` returned: `node outbox-until-killed.fixture.ts FILE`. */
const outbox = openDiskOutbox({ file: process.argv[2] ?? '' });
const write = (): void => {
  for (let i = 0; i < 20; i++) {
    const seq = outbox.numbering.next();
    const kind = seq % 7 === 0 ? 'event' : 'telemetry';
    outbox.put({ kind, seq, packets: [{ topic: String(seq), payload: new Uint8Array(50) }] });
    process.stdout.write(`${seq}\n`);
  }
  setImmediate(write);
};
write();
