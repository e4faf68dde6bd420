import { Buffer } from 'node:buffer';
import { openNatsLink } from '../journal/jetstream/nats-link.ts';

/** What processes of one centre tell and ask each other; nothing of it is kept, who does not listen misses it. */
export type ClusterBus = {
  /** In the order of the calls to everyone who listens now; false, and nothing is sent, when it is too large. */
  publish(subject: string, message: object): boolean;
  subscribe(subject: string, listener: (message: unknown) => void): void;
  /** Answers what is asked under the subject. */
  answer(subject: string, answer: (question: unknown) => Promise<object>): void;
  /** @throws Error when nobody answers in time, or nobody is there. */
  ask(subject: string, question: object, timeoutMs: number): Promise<unknown>;
  /** Resolves when the server has what was published. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

/** Headers and the subject of a message count too. */
const OVERHEAD_BYTES = 4 * 1024;

/** @throws Error when no NATS server answers. */
export async function openClusterBus(
  url: string,
  { name, onState }: { readonly name: string; readonly onState: (trouble: string | undefined) => void },
): Promise<ClusterBus> {
  const link = await openNatsLink(url, { name, onState });
  const { connection, maxPayloadBytes } = link;
  return {
    publish: (subject, message) => {
      const body = Buffer.from(JSON.stringify(message));
      if (body.byteLength > maxPayloadBytes - OVERHEAD_BYTES) return false;
      if (!connection.isClosed()) connection.publish(subject, body);
      return true;
    },
    subscribe: (subject, listener) => {
      connection.subscribe(subject, {
        callback: (error, { data }) => {
          if (error === null) listener(read(data));
        },
      });
    },
    answer: (subject, answer) => {
      connection.subscribe(subject, {
        callback: (error, message) => {
          if (error !== null) return;
          answer(read(message.data)).then(
            (given) => message.respond(JSON.stringify(given)),
            // Who asked learns it by the time that runs out.
            () => undefined,
          );
        },
      });
    },
    ask: async (subject, question, timeoutMs) =>
      read((await connection.request(subject, JSON.stringify(question), { timeout: timeoutMs })).data),
    flush: () => connection.flush(),
    close: () => link.close(),
  };
}

/** Whoever may write here may write into the journal too; what is no JSON is nobody's message all the same. */
function read(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    return undefined;
  }
}
