import type { Lane } from '../../journal/entry.ts';
import type { DeviceRecord } from '../../registry/registry-change.ts';

/** Told once: the other centre's confirm as it came, or undefined when it is for us to confirm. */
export type RelayAnswer = (confirm: Uint8Array | undefined) => void;

export type DurableFrame = {
  readonly device: DeviceRecord;
  readonly relayIds: readonly string[];
  readonly order: number;
  readonly lane: Lane;
  readonly receivedAt: number;
  readonly bytes: Uint8Array;
};

/** What the way in for frames knows of relays: whose voice a device hears, and who else is owed what it says. */
export type RelayDoor = {
  /** Another centre speaks to the device through us: we say nothing by ourselves. */
  isListening(device: DeviceRecord): boolean;
  /** The relays whose centres are owed an upload; asked once for each frame, and written into its entry. */
  owedTo(device: DeviceRecord, lane: Lane): readonly string[];
  /** An upload is durable. `answer`: the device waits for a confirm, of the other centre if it comes in time. */
  take(frame: DurableFrame, answer?: RelayAnswer): void;
  /** A device that got no confirm sends an upload again. */
  again(device: DeviceRecord, bytes: Uint8Array, answer: RelayAnswer): void;
  /** What is not stored and goes on as it is, if it can: heartbeats, commands of the maker. */
  pass(device: DeviceRecord, bytes: Uint8Array, answer?: RelayAnswer): void;
  /** A confirm, response or deny of the device; true when it was for the other centre. */
  isForOther(device: DeviceRecord, bytes: Uint8Array): boolean;
  /** Passes on what `isForOther` said is for it. */
  reply(device: DeviceRecord, bytes: Uint8Array): void;
};

/** Nobody else is told anything. */
export const noRelay: RelayDoor = {
  isListening: () => false,
  owedTo: () => [],
  take: (_frame, answer) => answer?.(undefined),
  again: (_device, _bytes, answer) => answer(undefined),
  pass: (_device, _bytes, answer) => answer?.(undefined),
  isForOther: () => false,
  reply: () => undefined,
};
