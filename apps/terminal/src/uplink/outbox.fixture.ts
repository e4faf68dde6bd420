import type { Report } from '../report/report.ts';
import type { Outbox } from './outbox.ts';

/** A report of so many bytes, filled with its number: topic `<kind>/<seq>`, of several packets `<kind>/<seq>/<packet>`. */
export function report(kind: Report['kind'], seq: number, bytes = 10, packets = 1): Report {
  const payload = new Uint8Array(bytes).fill(seq);
  return {
    kind,
    seq,
    packets: Array.from({ length: packets }, (_, index) => ({
      topic: packets === 1 ? `${kind}/${seq}` : `${kind}/${seq}/${index}`,
      payload,
    })),
  };
}

/** Takes and acknowledges everything; the topics in the order they were taken. */
export function drain(outbox: Outbox): string[] {
  const topics: string[] = [];
  for (let entry = outbox.take(); entry !== undefined; entry = outbox.take()) {
    topics.push(entry.topic);
    outbox.acknowledge(entry);
  }
  return topics;
}
