import { randomUUID } from 'node:crypto';
import { commandLifetimeMs, type CommandName } from '@fengsui/protocol';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { CommandActMeta } from '../situation/operator-act.ts';
import type { Situation } from '../situation/situation.ts';
import type { Worker } from '../situation/worker.ts';
import type { CommandDesk } from './command-desk.ts';

export type SendOrderParts = {
  readonly situation: Situation;
  readonly journal: Journal;
  readonly worker: Worker;
  readonly commands: CommandDesk;
  readonly clock: Clock;
};

/** What the centre itself tells a device, in the name of the account that decided it. */
export type CentreOrder = {
  readonly device: { readonly id: string; readonly venueId: string };
  readonly name: CommandName;
  readonly args: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly by: string;
};

const ACT_TIMEOUT_MS = 10_000;

/**
 * On record first, then signed and handed to the device's session once. Whether it may be told is decided where the
 * order is applied: one that is refused there goes nowhere. @throws when the journal or the worker does not answer.
 */
export async function sendOrder(parts: SendOrderParts, { device, ...order }: CentreOrder): Promise<void> {
  const { clock, situation, journal, worker, commands } = parts;
  const { id: deviceId, venueId } = device;
  const { by, ...what } = order;
  const now = clock.now();
  const meta: CommandActMeta = {
    actId: randomUUID(),
    venueId,
    by,
    at: now,
    isReachable: true,
    act: { kind: 'command', deviceId, ...what },
    expiresAt: now + commandLifetimeMs,
  };
  const outcome = worker.outcomeOf(meta.actId, ACT_TIMEOUT_MS);
  const partition = situation.registry.partitionOf(venueId);
  const [settled] = await Promise.all([
    outcome,
    journal.append('alarm', [{ kind: 'operatorAct', partition, appendedAt: now, meta }]),
  ]);
  if (settled.kind === 'commanded') await commands.dispatch(settled.command);
}
