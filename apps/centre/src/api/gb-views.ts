import {
  decodeGbFrame,
  gbBitNames,
  gbFrameToJson,
  gbPartAddressParts,
  gbPartTypeWord,
  gbStatusBits,
  gbSystemTypeWord,
  type GbDutyCheckRecord,
  type GbFrameSeen,
  type GbPartRecord,
  type GbProfile,
} from '@fengsui/protocol';
import type { GbDutyCheck, GbPart } from '../situation/gb26875/gb-situation.ts';
import type { RecentFrame } from '../situation/gb26875/recent-frames.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** A part with the words of its codes. */
export function partView(part: GbPart, profile: GbProfile): GbPartRecord {
  const { systemType, partType, partAddress, status, statusType = 2, statusAt, values = {}, receivedAt } = part;
  const address = partAddress === undefined ? undefined : gbPartAddressParts(partAddress, profile.partAddressForm);
  return {
    point: part.point,
    ...(systemType !== undefined && { systemType: wordOf(gbSystemTypeWord(systemType, profile)) }),
    ...(part.systemAddress !== undefined && { systemAddress: part.systemAddress }),
    ...(partType !== undefined && { partType: wordOf(gbPartTypeWord(partType, profile)) }),
    ...(partAddress !== undefined && { partAddress }),
    ...(address !== undefined && ('zone' in address ? { zone: address.zone, number: address.point } : address)),
    ...(part.description !== undefined && { description: part.description }),
    ...(status !== undefined && { status, flags: gbBitNames(gbStatusBits(statusType, profile) ?? [], status) }),
    ...(statusAt !== undefined && { statusAt: iso(statusAt) }),
    values: Object.entries(values).map(([quantity, { at, order: _order, ...measured }]) => ({
      point: `${part.point}.${quantity}`,
      quantity,
      ...measured,
      at: iso(at),
    })),
    ...(part.software !== undefined && { software: part.software }),
    ...(part.configuration !== undefined && { configuration: part.configuration }),
    ...(part.clockOffsetMs !== undefined && { clockOffsetMs: part.clockOffsetMs }),
    receivedAt: iso(receivedAt),
  };
}

export function frameView({ receivedAt, bytes }: RecentFrame, profile: GbProfile): GbFrameSeen {
  const decoded = decodeGbFrame(bytes, profile);
  return {
    receivedAt: iso(receivedAt),
    hex: Buffer.from(bytes).toString('hex'),
    ...(decoded.kind === 'frame' && { frame: gbFrameToJson(decoded.frame, profile) }),
  };
}

function wordOf({ code, zh, en }: { readonly code: number; readonly zh?: string; readonly en?: string }) {
  return { code, ...(zh !== undefined && { zh }), ...(en !== undefined && { en }) };
}

export function dutyCheckView(check: GbDutyCheck): GbDutyCheckRecord {
  const { askedAt, dueAt, deliveredAt, answeredAt, ...rest } = check;
  return {
    ...rest,
    askedAt: iso(askedAt),
    dueAt: iso(dueAt),
    ...(deliveredAt !== undefined && { deliveredAt: iso(deliveredAt) }),
    ...(answeredAt !== undefined && {
      answeredAt: iso(answeredAt),
      answeredAfterS: Math.round((answeredAt - askedAt) / 1000),
    }),
  };
}
