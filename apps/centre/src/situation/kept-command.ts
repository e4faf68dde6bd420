import type { CommandState } from '@fengsui/protocol';
import type { Place } from './kept.ts';

/** A command with everything that became of it. Instants are epoch ms of the centre, `deviceAt` is the device's own. */
export type KeptCommand = {
  readonly id: string;
  readonly deviceId: string;
  readonly place: Place;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly by: string;
  readonly state: CommandState;
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly sentAt?: number;
  readonly repliedAt?: number;
  readonly deviceAt?: number;
  readonly result?: unknown;
  readonly code?: string;
  readonly detail?: string;
  readonly late?: true;
};

/** Why a command is refused before anything is sent. Stable: docs/reference/commands.md lists them. */
export const commandRefusals = [
  'approvalRequired',
  'onSiteOnly',
  'originMismatch',
  'identitySuspect',
  'deviceRevoked',
  'deviceOffline',
  'commandsPending',
  'notInRollout',
] as const;
export type CommandRefusal = (typeof commandRefusals)[number];

export const isOpen = ({ state }: Pick<KeptCommand, 'state'>): boolean => state === 'requested' || state === 'sent';

/** Ended commands kept in memory, so that a late or repeated reply finds its command. */
export const COMMANDS_KEPT = 1_000;
