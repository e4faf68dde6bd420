import { appendedSubject, laneNames } from './lane-stream.ts';
import type { NatsLink } from './nats-link.ts';
import { PackedWriter, type PackedWriterOptions } from './packed-writer.ts';

export type GatewayWriterOptions = Omit<PackedWriterOptions, 'gatherMs' | 'publish'> & {
  readonly prefix: string;
  /** What the stream's own numbers are counted from. */
  readonly base: number;
};

/** A message costs who sends it, the server and who reads it more than a report in it; an alarm waits for none. */
const BULK_GATHER_MS = 3;

/**
 * Appends beside others and expects nothing. A message whose answer was lost is sent again under the same id, which the
 * server knows for two minutes; after that it may lie in the stream twice.
 */
export function gatewayWriter({ jetStream, connection }: NatsLink, options: GatewayWriterOptions): PackedWriter {
  const { prefix, lane, base } = options;
  const { stream, gatewaySubject } = laneNames(prefix, lane);
  return new PackedWriter({
    ...options,
    ...(lane === 'bulk' && { gatherMs: BULK_GATHER_MS }),
    publish: async (id, body) => {
      const expect = { streamName: stream };
      const { seq } = await jetStream.publish(gatewaySubject, body, { msgID: id, expect, retries: 0 });
      connection.publish(appendedSubject(prefix, lane), `${seq} ${id}`);
      return base + seq;
    },
  });
}
