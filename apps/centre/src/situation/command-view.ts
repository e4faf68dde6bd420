import type { DeviceCommand } from '@fengsui/protocol';
import type { KeptCommand } from './kept-command.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** The command as the API shows it. */
export function commandView({ place, ...command }: KeptCommand): DeviceCommand {
  const { requestedAt, expiresAt, sentAt, repliedAt, deviceAt, args, ...rest } = command;
  return {
    ...rest,
    args: { ...args },
    venueId: place.venueId,
    origin: place.origin,
    requestedAt: iso(requestedAt),
    expiresAt: iso(expiresAt),
    ...(sentAt !== undefined && { sentAt: iso(sentAt) }),
    ...(repliedAt !== undefined && { repliedAt: iso(repliedAt) }),
    // A clock may say anything; a reply is not lost for it.
    ...(deviceAt !== undefined && { deviceAt: Math.abs(deviceAt) <= 8.64e15 ? iso(deviceAt) : String(deviceAt) }),
  };
}
