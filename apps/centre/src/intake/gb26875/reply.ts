import { encodeGbFrame, isGbHeartbeat, type GbFrame, type GbProfile } from '@fengsui/protocol';

export const command = { control: 1, send: 2, confirm: 3, request: 4, response: 5, deny: 6 } as const;

/** What becomes of a whole frame of a known device. */
export type GbTreatment =
  /** A sign of life: confirmed, not stored. */
  | 'heartbeat'
  /** Stored, then confirmed. */
  | 'store'
  /** Stored for people to look at, then denied because the profile wants it so. */
  | 'storeAndDeny'
  /** Ends a control or a query of the centre. */
  | 'confirmation'
  | 'response'
  | 'denial'
  /** A control or a query from below: a centre does not obey; denied, and told as a security event. */
  | 'refuseDownstream'
  /** 不可识别的命令字节. */
  | 'deny'
  /** A command of the maker's own: counted, not answered. */
  | 'ignore';

export function treatmentOf(frame: GbFrame, profile: GbProfile): GbTreatment {
  if (isGbHeartbeat(frame, profile) && !saysMore(frame)) {
    return frame.command === command.send ? 'heartbeat' : 'ignore';
  }
  switch (frame.command) {
    case command.send: {
      const { kind } = frame.unit;
      if (kind === 'empty') return 'heartbeat';
      const isReadable = kind === 'objects' || kind === 'userDefined';
      return isReadable || profile.unreadableReply !== 'deny' ? 'store' : 'storeAndDeny';
    }
    case command.confirm:
      return 'confirmation';
    case command.response:
      return 'response';
    case command.deny:
      return 'denial';
    case command.control:
    case command.request:
      return 'refuseDownstream';
    default:
      return frame.command >= 128 ? 'ignore' : 'deny';
  }
}

/** A make whose heartbeat is its run state tells faults with it. */
function saysMore({ unit }: GbFrame): boolean {
  return (
    unit.kind === 'objects' &&
    unit.objects.some(({ status, operation, raw }) => (status ?? operation ?? raw) !== undefined)
  );
}

/** Confirm or deny: addresses swapped, serial and version repeated, its own sending time (6.3.2). */
export function replyTo(
  head: Omit<GbFrame, 'unit'>,
  answer: 'confirm' | 'deny',
  sentAt: number,
  profile: GbProfile,
): Uint8Array {
  const { serial, version, source, destination } = head;
  return encodeGbFrame(
    {
      serial,
      version,
      sentAt,
      source: destination,
      destination: source,
      command: command[answer],
      unit: { kind: 'empty' },
    },
    profile,
  );
}
