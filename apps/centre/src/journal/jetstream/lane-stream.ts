import {
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import type { Lane } from '../entry.ts';
import { lastSequenceOf, messageOf, wholeMessagesThrough } from './message-sequence.ts';
import type { NatsLink } from './nats-link.ts';

/** One stream per lane. `base`: what its own numbers are counted from, so that a stream made anew uses none twice. */
export type LaneStream = {
  readonly stream: string;
  readonly subject: string;
  readonly base: number;
  readonly replicas: number;
  /** Of our numbers, not the stream's. */
  readonly lastMessage: number;
  /** The newest one under `subject`; 0 when the stream holds none. */
  readonly ownMessage: number;
  /** Reading begins behind this message. */
  readonly readBehind: number;
  /** Of the last entry that the stream holds; what was applied where it holds none. */
  readonly lastSequence: number;
};

export type LaneNames = {
  readonly stream: string;
  /** The centre that leads appends under this one. */
  readonly subject: string;
  /** Gateways append under this one. */
  readonly gatewaySubject: string;
};

export const laneNames = (prefix: string, lane: Lane): LaneNames => ({
  stream: `${prefix}-journal-${lane}`,
  subject: `${prefix}.journal.${lane}`,
  gatewaySubject: `${prefix}.journal.${lane}.gateway`,
});

/** Said by gateways after each message that they appended: the number that the stream gave it, a space, its id. */
export const appendedSubject = (prefix: string, lane: Lane): string => `${prefix}.appended.${lane}`;

const describe = (lane: Lane, base: number): string => `journal of Fengsui, lane ${lane}, numbered from ${base}`;
export const baseOf = ({ description = '' }: StreamConfig): number =>
  Number(/numbered from (\d+)$/.exec(description)?.[1]);

const STREAM_NOT_FOUND = 10059;
const NANOSECONDS_PER_MS = 1_000_000;
/** How long the server itself remembers message ids; what is sent again later is looked up. */
const DUPLICATE_WINDOW_MS = 120_000;

/**
 * Opens the stream of a lane, or makes it: on files, nothing dropped by age or size, on a cluster three replicas.
 *
 * @throws Error when a stream of that name is not ours, or the cluster cannot keep so many replicas.
 */
export async function openLaneStream(
  { manager, isClustered }: Pick<NatsLink, 'manager' | 'isClustered'>,
  options: {
    readonly prefix: string;
    readonly lane: Lane;
    readonly applied: number;
    readonly replicas: number | undefined;
    readonly warn: (message: string) => void;
  },
): Promise<LaneStream> {
  const { lane, applied, warn } = options;
  const { stream, subject, gatewaySubject } = laneNames(options.prefix, lane);
  const subjects = [subject, gatewaySubject];
  const replicas = options.replicas ?? (isClustered ? 3 : 1);
  const config = {
    name: stream,
    subjects,
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    // Full means held back, never that the oldest is dropped.
    discard: DiscardPolicy.New,
    num_replicas: replicas,
    duplicate_window: DUPLICATE_WINDOW_MS * NANOSECONDS_PER_MS,
  };
  const appliedMessage = messageOf(applied);
  let info = await infoOf(manager, stream);
  if (info === undefined) {
    if (applied > 0) warn(`NATS has no stream ${stream}: a new one is begun behind what the store has applied`);
    info = await manager.streams.add({ ...config, description: describe(lane, appliedMessage) });
  } else if (!Number.isInteger(baseOf(info.config))) {
    throw new Error(`NATS stream ${stream} was not made by Fengsui (its description says no "numbered from")`);
  } else if (info.config.num_replicas !== replicas || info.config.subjects.length !== subjects.length) {
    info = await manager.streams.update(stream, { num_replicas: replicas, subjects });
  }
  const last = baseOf(info.config) + info.state.last_seq;
  if (last < appliedMessage) {
    warn(
      `NATS stream ${stream} ends at message ${last}, the store has applied ${appliedMessage}: it goes on behind it`,
    );
    const base = appliedMessage - info.state.last_seq;
    await manager.streams.purge(stream);
    info = await manager.streams.update(stream, { description: describe(lane, base) });
  }
  const base = baseOf(info.config);
  const { first_seq: first, last_seq: newest, messages } = info.state;
  const lastMessage = base + newest;
  const own = messages === 0 ? null : await manager.streams.getMessage(stream, { last_by_subj: subject });
  // Numbers of segment files end within a message: a stream that begins behind it lacks nothing.
  const beginsBehindApplied = base + first - 1 === appliedMessage;
  return {
    stream,
    subject,
    base,
    replicas: info.config.num_replicas,
    lastMessage,
    ownMessage: own === null ? 0 : base + own.seq,
    readBehind: messages === 0 ? lastMessage : beginsBehindApplied ? appliedMessage : wholeMessagesThrough(applied),
    lastSequence: messages === 0 ? applied : Math.max(applied, lastSequenceOf(lastMessage)),
  };
}

export async function infoOf(manager: NatsLink['manager'], stream: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(stream);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
}
