import type { StreamInfo } from '@nats-io/jetstream';
import { lanes, type Lane } from '../entry.ts';
import { madeStreamInfo } from './lane-stream.ts';
import { openNatsLink, type NatsLink } from './nats-link.ts';
import { checkPayload, checkPrefix, oneTrouble, untilOpen } from './open-journal.ts';

export type MadeStreamsOptions = {
  /** As of the journal of the centre that leads: the same streams. */
  readonly url: string;
  readonly prefix: string;
  readonly onHeld: (reason: string | undefined) => void;
  /** How long the streams may be missing; a centre that leads makes them. */
  readonly openTimeoutMs?: number;
  /** Asked while it waits. */
  readonly isStopping?: () => boolean;
};

export type MadeStreams = {
  readonly link: NatsLink;
  readonly streams: ReadonlyMap<Lane, StreamInfo>;
  /** One trouble of all is said at a time. */
  readonly tell: ReturnType<typeof oneTrouble>;
};

const OPEN_TIMEOUT_MS = 60_000;

/**
 * Connects, and waits for the streams that a centre that leads makes.
 *
 * @throws Error when no server answers, or nobody has made the streams.
 */
export async function openMadeStreams(
  { url, prefix, onHeld, openTimeoutMs = OPEN_TIMEOUT_MS, isStopping }: MadeStreamsOptions,
  role: 'gateway' | 'worker',
): Promise<MadeStreams> {
  checkPrefix(prefix);
  const tell = oneTrouble(onHeld);
  const deadline = performance.now() + openTimeoutMs;
  const onState = (trouble: string | undefined): void => tell('link', trouble);
  const settings = { name: `fengsui ${role} ${prefix}`, onState, hearsItself: false };
  const link = await untilOpen(deadline, () => openNatsLink(url, settings), isStopping);
  try {
    checkPayload(link);
    const streams = new Map<Lane, StreamInfo>();
    for (const lane of lanes)
      streams.set(lane, await untilOpen(deadline, () => madeStreamInfo(link, prefix, lane), isStopping));
    return { link, streams, tell };
  } catch (error) {
    await link.close();
    throw error;
  }
}
