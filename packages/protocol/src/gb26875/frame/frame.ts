import type { GbUnit } from '../unit/gb-unit.ts';

export const gbStartByte = 0x40;
export const gbEndByte = 0x23;
/** Start, serial, version, time label, both addresses, length, command. */
export const gbHeadBytes = 27;
/** A frame without its data unit. */
export const gbFrameOverhead = 30;
export const gbMaxDataBytes = 1024;
export const gbMaxFrameBytes = gbFrameOverhead + gbMaxDataBytes;
export const gbAddressBytes = 6;

/** A packet of the protocol (Table 1). */
export type GbFrame = {
  /** 业务流水号, 0…65535; a confirm, deny or response repeats it. */
  readonly serial: number;
  /** The standard fixes major to 1; devices in the field send 0, 2 and 16 too. */
  readonly version: { readonly major: number; readonly user: number };
  /** Epoch ms; absent when the label is zero or no time. */
  readonly sentAt?: number;
  /** The label's six bytes as hex when they are neither zero nor a time. */
  readonly sentAtHex?: string;
  /** Six bytes as hex in wire order; the identity of the sender. */
  readonly source: string;
  readonly destination: string;
  readonly command: number;
  readonly unit: GbUnit;
};

export type GbDiscardReason =
  /** No `40 40` at the start. */
  | 'noStart'
  /** Fewer bytes than its length asks for. */
  | 'incomplete'
  /** More bytes than its length asks for. */
  | 'trailingBytes'
  | 'lengthOverLimit'
  | 'noEnd'
  | 'badChecksum';

/** Bytes that are no frame. */
export type GbDiscarded = {
  readonly kind: 'discarded';
  readonly bytes: Uint8Array;
  readonly reason: GbDiscardReason;
  readonly detail: string;
};
