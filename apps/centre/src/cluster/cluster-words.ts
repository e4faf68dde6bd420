import type { Lane } from '../journal/entry.ts';
import type { RegistryChange } from '../registry/registry-change.ts';
import type { SensorFaultRow } from '../situation/fire/sensor-faults.ts';
import type { MirroredEffects } from '../situation/mirrored-effects.ts';

/** Where processes of one centre speak: `prefix` is that of its streams. */
export const clusterSubjects = (
  prefix: string,
): {
  /** The centre that leads, to all gateways. */
  readonly leader: string;
  /** Gateways, to the centre and each other. */
  readonly gateways: string;
  /** Questions to one gateway. */
  gateway(number: number): string;
  /** The centre that leads, to itself: does the bus carry anything? */
  readonly pulse: string;
  /** Workers, to the centre. */
  readonly workers: string;
  /** Questions to one worker. */
  worker(session: string): string;
} => ({
  leader: `${prefix}.cluster.leader`,
  gateways: `${prefix}.cluster.gateways`,
  gateway: (number) => `${prefix}.cluster.gateway.${number}`,
  pulse: `${prefix}.cluster.pulse`,
  workers: `${prefix}.cluster.workers`,
  worker: (session) => `${prefix}.cluster.worker.${session}`,
});

/** Where the centre that leads is asked, and with which key a process that serves seats is believed there. */
export type SeatsPlace = { readonly url: string; readonly key: string };

/**
 * `changeNumber` counts the commits of this leader that changed the registry. Beat and changes go under one subject, so
 * that they arrive in order: who hears a number that he does not expect has missed something.
 */
export type LeaderWord =
  | {
      readonly kind: 'beat';
      readonly epoch: number;
      readonly changeNumber: number;
      readonly applied: Readonly<Record<Lane, number>>;
      /** For processes that serve seats. */
      readonly seats?: SeatsPlace;
      /** By the session of a worker: the shards that it applies, each with its epoch. */
      readonly shares?: Readonly<Record<string, readonly HeldShard[]>>;
    }
  | {
      readonly kind: 'changes';
      readonly epoch: number;
      readonly changeNumber: number;
      /** Absent when they were too many for one message. */
      readonly changes?: readonly RegistryChange[];
    };

export type HeldShard = readonly [shard: number, epoch: number];

/** What a worker says of itself; `effects`: after a commit, what it changed (mirrored-effects.ts), numbered from 1. */
export type WorkerWord =
  | {
      readonly kind: 'worker';
      readonly session: string;
      /** For people: host and process. */
      readonly holder: string;
      /** Of the last effects. */
      readonly number: number;
      readonly held: readonly HeldShard[];
      /** What its commits must hold: `effects` count only while the centre has it so too. */
      readonly fenced: readonly HeldShard[];
      /** Given back, and not another's yet as far as it knows. */
      readonly givenBack: readonly HeldShard[];
      /** How far it has come with what it holds, and how much of that is on record for all of it. */
      readonly applied: Readonly<Record<Lane, number>>;
      readonly levelled: Readonly<Record<Lane, number>>;
      /** Absent in a word that only says how far it is; `null` when they were too many for one message. */
      readonly effects?: MirroredEffects | null;
      /** Now and then, in a word without effects: all sensors of its own that fail slowly. */
      readonly sensorFaults?: readonly SensorFaultRow[];
    }
  /** It ends in order, and applies nothing any more. */
  | { readonly kind: 'left'; readonly session: string };

/** Apply these shards no more; answered when that is so. */
export type WorkerQuestion = { readonly kind: 'release'; readonly shards: readonly number[] };
export type WorkerAnswer = { readonly isReleased: boolean };

export type GatewayBeat = {
  readonly kind: 'beat';
  readonly gateway: number;
  /** For people: host and process. */
  readonly holder: string;
  /** Open sessions of devices, and connections that wait for their turn. */
  readonly sessions: number;
  readonly waiting: number;
  /** Reports taken since its start. */
  readonly received: number;
  /** Open sessions of each foreign source that has some. */
  readonly sources: Readonly<Record<string, number>>;
};

export type GatewayWord =
  | GatewayBeat
  /** It ends in order; its sessions are closed. */
  | { readonly kind: 'left'; readonly gateway: number }
  /** Devices that have opened a session there: an older one elsewhere is over. */
  | { readonly kind: 'opened'; readonly gateway: number; readonly deviceIds: readonly string[] }
  /** A device has used its new secret: the old one may end. */
  | { readonly kind: 'secretUsed'; readonly deviceId: string };

export type GatewayQuestion =
  /** `payload` in base64. Hand it to the session of the device, if there is one. */
  | { readonly kind: 'send'; readonly deviceId: string; readonly payload: string }
  /** Send it through your own MQTT door as the canary; answered when it was acknowledged. */
  | { readonly kind: 'canary'; readonly payload: string };

export type GatewayAnswer = { readonly isSent: boolean };

/** A word as it came over the network, by the kinds that there are; undefined for any other (a later version's). */
export function readWord<Word extends { readonly kind: string }>(
  message: unknown,
  kinds: readonly Word['kind'][],
): Word | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return undefined;
  return kinds.some((kind) => kind === message.kind) ? (message as Word) : undefined;
}

/** A gateway numbers its sessions from number · 2³² on: whose session a device has, is in the session's number. */
const SESSIONS_PER_GATEWAY = 2 ** 32;
/** Drawn at random at each start: two that live at once have the same in one case of 2²⁰. */
export const MOST_GATEWAYS = 2 ** 20;

export const firstSessionOf = (gateway: number): number => gateway * SESSIONS_PER_GATEWAY;

/** 0: of the centre's own doors. */
export const gatewayOfSession = (session: number): number => Math.floor(session / SESSIONS_PER_GATEWAY);
