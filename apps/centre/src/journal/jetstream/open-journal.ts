import { MAX_BODY_BYTES } from '../record-codec.ts';
import type { NatsLink } from './nats-link.ts';

/** Room for a message's headers beside the largest entry. */
const HEADER_BYTES = 64 * 1024;
const OPEN_RETRY_MS = 250;

/** Trying again is of no use. */
class JournalRefusal extends Error {}

/** Again and again until `deadline` (of performance.now()): a server that has just started is not ready at once. */
export async function untilOpen<Result>(
  deadline: number,
  work: () => Promise<Result>,
  isStopping: () => boolean = () => false,
): Promise<Result> {
  for (;;) {
    if (isStopping()) throw new Error('stopped before it was open');
    try {
      return await work();
    } catch (error) {
      if (error instanceof JournalRefusal || performance.now() > deadline) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`journal on NATS: ${reason}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, OPEN_RETRY_MS));
    }
  }
}

/** @throws Error when it cannot be part of a subject, where dots, spaces and wildcards have a meaning. */
export function checkPrefix(prefix: string): void {
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(prefix))
    throw new Error(`nats.stream is ${JSON.stringify(prefix)}, expected 1 to 32 letters, digits, _ or -`);
}

/** @throws Error when the server takes smaller messages than an entry may be. */
export function checkPayload({ maxPayloadBytes }: NatsLink): void {
  const needed = MAX_BODY_BYTES + HEADER_BYTES;
  if (maxPayloadBytes >= needed) return;
  throw new JournalRefusal(
    `NATS takes messages of ${maxPayloadBytes} bytes, the journal needs ${needed}: set max_payload: 8MB in its configuration`,
  );
}

/** Several that may be in trouble, of which one is said, and only when it is another; `link` goes before the others. */
export function oneTrouble(
  onTrouble: (reason: string | undefined) => void,
): (from: string, reason: string | undefined) => void {
  const troubles = new Map<string, string>();
  let said: string | undefined;
  return (from, reason) => {
    if (reason === undefined) troubles.delete(from);
    else troubles.set(from, reason);
    const trouble = troubles.get('link') ?? [...troubles.values()][0];
    if (trouble === said) return;
    said = trouble;
    onTrouble(trouble);
  };
}
