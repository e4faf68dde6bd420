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
  readonly base: number;
  /** The newest message; of our numbers, not the stream's, as all that follow. */
  readonly lastMessage: number;
  /** Nothing at or before this message is looked for: the newest of a stream that was found empty, else 0. */
  readonly floor: number;
  /** The message before the oldest one. */
  readonly beginsBehind: number;
  /** Of the last entry that the stream holds; what was applied where it holds none. */
  readonly lastSequence: number;
};

/** As the centre that leads has it, which makes it and appends to it. */
export type LedStream = LaneStream & {
  readonly subject: string;
  readonly replicas: number;
  /** The newest one under `subject`; 0 when the stream holds none. */
  readonly ownMessage: number;
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

/** Said by whoever appended a message, after each: the number that the stream gave it, a space, its id. */
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
): Promise<LedStream> {
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
  const found = laneStreamOf(info, applied);
  const own = info.state.messages === 0 ? null : await manager.streams.getMessage(stream, { last_by_subj: subject });
  return {
    ...found,
    subject,
    replicas: info.config.num_replicas,
    ownMessage: own === null ? 0 : found.base + own.seq,
  };
}

/** What the server tells of a stream that was made. */
export function laneStreamOf({ config, state }: StreamInfo, applied: number): LaneStream {
  const base = baseOf(config);
  const lastMessage = base + state.last_seq;
  const isEmpty = state.messages === 0;
  return {
    stream: config.name,
    base,
    lastMessage,
    floor: isEmpty ? lastMessage : 0,
    beginsBehind: isEmpty ? lastMessage : base + state.first_seq - 1,
    lastSequence: isEmpty ? applied : Math.max(applied, lastSequenceOf(lastMessage)),
  };
}

/**
 * The message behind which reading begins for whoever has applied `after`. Numbers of segment files end within a
 * message: a stream that begins behind it lacks nothing.
 */
export function readBehind({ floor, beginsBehind }: LaneStream, after: number): number {
  return messageOf(after) === beginsBehind ? beginsBehind : Math.max(floor, wholeMessagesThrough(after));
}

/** @throws Error when no centre that leads has made it for gateways and workers to append to. */
export async function madeStreamInfo({ manager }: NatsLink, prefix: string, lane: Lane): Promise<StreamInfo> {
  const { stream, gatewaySubject } = laneNames(prefix, lane);
  const info = await infoOf(manager, stream);
  if (info === undefined || !info.config.subjects.includes(gatewaySubject))
    throw new Error(`no stream ${stream} that gateways may append to: a centre with the role worker makes it`);
  return info;
}

async function infoOf(manager: NatsLink['manager'], stream: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(stream);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
}
