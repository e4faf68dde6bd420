import { Buffer } from 'node:buffer';
import type { GbFrame, GbUnit } from '@fengsui/protocol';
import type { Elsewhere } from '../intake/gb26875/device-links.ts';
import type { GbRequest, GbResult } from '../intake/gb26875/transactions.ts';

/** Where processes of one centre speak of transmission devices. */
export const gbSubjects = (
  prefix: string,
): {
  /** Gateways, to each other. */
  readonly doors: string;
  /** Questions to one gateway. */
  door(gateway: number): string;
} => ({
  doors: `${prefix}.cluster.gb`,
  door: (gateway) => `${prefix}.cluster.gb.${gateway}`,
});

export type GbDoorWord = {
  /** `opened`: these devices speak here now. */
  readonly kind: 'order' | 'opened';
  readonly gateway: number;
  /** The receipt order of the newest frame: what is taken anywhere from now on comes after it. */
  readonly highestOrder: number;
  readonly links?: readonly (Elsewhere & { readonly deviceId: string })[];
};

export type GbDoorQuestion =
  | { readonly kind: 'ask'; readonly deviceId: string; readonly request: SaidRequest }
  /** Bytes as they are, in base64. */
  | { readonly kind: 'send'; readonly deviceId: string; readonly bytes: string };

/** `result`: how what was asked has ended; absent when the device is not connected. */
export type GbDoorAnswer = { readonly isSent: boolean; readonly result?: SaidResult };

type SaidUnit = { readonly unit: GbUnit | 'clock'; readonly hex?: string };
type SaidRequest = Omit<GbRequest, 'unit'> & SaidUnit;
type SaidResult = Omit<GbResult, 'frame'> & { readonly frame?: Omit<GbFrame, 'unit'> & SaidUnit };

export const sayRequest = ({ unit, ...rest }: GbRequest): SaidRequest => ({ ...rest, ...sayUnit(unit) });

export const readRequest = ({ unit, hex, ...rest }: SaidRequest): GbRequest => ({ ...rest, unit: readUnit(unit, hex) });

export function sayResult({ frame, ...rest }: GbResult): SaidResult {
  if (frame === undefined) return rest;
  const { unit, ...head } = frame;
  return { ...rest, frame: { ...head, ...sayUnit(unit) } };
}

export function readResult({ frame, ...rest }: SaidResult): GbResult {
  if (frame === undefined) return rest;
  const { unit, hex, ...head } = frame;
  const read = readUnit(unit, hex);
  return read === 'clock' ? rest : { ...rest, frame: { ...head, unit: read } };
}

/** JSON knows no bytes: they stand beside. */
function sayUnit(unit: GbUnit | 'clock'): SaidUnit {
  if (unit === 'clock') return { unit };
  if ('body' in unit) return { unit, hex: Buffer.from(unit.body).toString('hex') };
  return 'data' in unit ? { unit, hex: Buffer.from(unit.data).toString('hex') } : { unit };
}

function readUnit(unit: GbUnit | 'clock', hex = ''): GbUnit | 'clock' {
  if (unit === 'clock') return unit;
  const bytes = Buffer.from(hex, 'hex');
  if ('body' in unit) return { ...unit, body: bytes };
  return 'data' in unit ? { ...unit, data: bytes } : unit;
}
