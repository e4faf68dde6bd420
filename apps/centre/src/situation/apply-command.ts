import { dangerousCommands, type Reply } from '@fengsui/protocol';
import { followUpdateCommand, updateRefusal } from '../rollout/follow-update.ts';
import { quarantineRow } from './apply-unreadable.ts';
import { commandView } from './command-view.ts';
import type { CommandSentMeta } from './decoded-entry.ts';
import type { Effects } from './effects.ts';
import type { Place } from './kept.ts';
import { COMMANDS_KEPT, isOpen, type CommandRefusal, type KeptCommand } from './kept-command.ts';
import type { CommandActMeta } from './operator-act.ts';
import type { ReportContext } from './report-context.ts';
import { noteSelfTest } from './self-test-watch.ts';
import type { Situation } from './situation.ts';

/** A reply may be on its way when the command expires. */
export const REPLY_GRACE_MS = 5_000;
/** Commands of one device that wait for their reply. */
const OPEN_PER_DEVICE = 8;

const timerOf = (commandId: string): string => `command/${commandId}`;

/**
 * A person asks for a command: on record before anything leaves. What speaks against it is decided here, by what is
 * known when the entry is applied; the command's id is the act's, so that the same request is one command.
 */
export function requestCommand(situation: Situation, effects: Effects, meta: CommandActMeta, place: Place): void {
  const known = situation.commands.get(meta.actId);
  const command = known ?? newCommand(situation, meta, place);
  if (known === undefined) keep(situation, effects, command);
  if (known === undefined && isOpen(command)) {
    effects.setTimer({
      id: timerOf(command.id),
      venueId: place.venueId,
      dueAt: command.expiresAt + REPLY_GRACE_MS,
      purpose: { kind: 'commandExpired', commandId: command.id },
    });
  }
  const outcome =
    command.state === 'refused' && command.repliedAt === undefined
      ? ({ kind: 'refused', code: command.code ?? '', detail: command.detail ?? '' } as const)
      : ({ kind: 'commanded', command: commandView(command) } as const);
  effects.acts.push({ meta, place, outcome });
}

function newCommand(situation: Situation, meta: CommandActMeta, place: Place): KeptCommand {
  const { deviceId, name, args, reason } = meta.act;
  const command = {
    id: meta.actId,
    deviceId,
    place,
    name,
    args,
    reason,
    by: meta.by,
    requestedAt: meta.at,
    expiresAt: meta.expiresAt,
  };
  const refusal = refusalOf(situation, meta);
  if (refusal === undefined) return { ...command, state: 'requested' };
  return { ...command, state: 'refused', ...refusal };
}

/** design.md 5.1, 7 and Origin: what a device may never be told from afar comes first, what may change comes last. */
function refusalOf(
  situation: Situation,
  { act, isReachable }: CommandActMeta,
): { readonly code: CommandRefusal; readonly detail: string } | undefined {
  const { deviceId, name } = act;
  const device = situation.registry.device(deviceId);
  const { circuit } = act.args;
  const cause =
    name === 'breakerClose' && typeof circuit === 'string' ? situation.onSite.of(deviceId, circuit) : undefined;
  if (cause !== undefined) {
    const why = `${cause.kind} on ${String(circuit)} at ${new Date(cause.at).toISOString()}`;
    return { code: 'onSiteOnly', detail: `${why}: it is closed on site only, after a recorded inspection` };
  }
  if (dangerousCommands.some((dangerous) => dangerous === name)) {
    return { code: 'approvalRequired', detail: `${name} needs the approval of a second person` };
  }
  if (device === undefined || (device.origin !== 'live' && device.origin !== 'simulated')) {
    return { code: 'originMismatch', detail: `a command goes to no device of origin ${device?.origin ?? 'unknown'}` };
  }
  if (situation.isIdentitySuspect(deviceId)) {
    return {
      code: 'identitySuspect',
      detail: `the credential of ${deviceId} may be in two hands; acknowledge and inspect the alarm clonedIdentity first`,
    };
  }
  if (device.revokedAt !== undefined)
    return { code: 'deviceRevoked', detail: `the credential of ${deviceId} is revoked` };
  if (!isReachable) {
    return { code: 'deviceOffline', detail: `${deviceId} is not connected and subscribed; commands are not queued` };
  }
  const update = updateRefusal(situation, act);
  if (update !== undefined) return update;
  const open = [...situation.commands.values()].filter((other) => other.deviceId === deviceId && isOpen(other));
  if (open.length >= OPEN_PER_DEVICE) {
    return { code: 'commandsPending', detail: `${open.length} commands to ${deviceId} wait for their reply` };
  }
  return undefined;
}

/** It was written to the device's connection, or could not be. */
export function commandSent(situation: Situation, effects: Effects, { commandId, at, failure }: CommandSentMeta): void {
  const command = situation.commands.get(commandId);
  // The reply was faster than this entry.
  if (command?.state !== 'requested') return;
  if (failure === undefined) keep(situation, effects, { ...command, state: 'sent', sentAt: at });
  else {
    keep(situation, effects, { ...command, state: 'failed', ...failure });
    effects.endTimer(timerOf(commandId));
  }
}

/** The device's answer; the first one counts. Identity of a reply: the command's id. */
export function applyReply(context: ReportContext, reply: Reply): void {
  const { situation, effects, device, report } = context;
  const command = situation.commands.get(reply.id);
  if (command?.deviceId !== device.id) {
    quarantineRow(context, 'reply', `unknownCommand: no command ${reply.id} was given to ${device.id}`);
    return;
  }
  if (command.repliedAt !== undefined) return;
  // A reply after the expiry tells what was done all the same.
  if (!isOpen(command) && command.state !== 'expired') return;
  const { refused, detail } = (typeof reply.result === 'object' && reply.result !== null ? reply.result : {}) as {
    readonly refused?: unknown;
    readonly detail?: unknown;
  };
  const isRefused = !reply.ok && typeof refused === 'string' && /^\w{1,64}$/.test(refused);
  keep(situation, effects, {
    ...command,
    state: reply.ok ? 'done' : isRefused ? 'refused' : 'failed',
    repliedAt: report.meta.receivedAt,
    result: reply.result,
    ...(reply.at !== undefined && { deviceAt: reply.at }),
    ...(isRefused && { code: refused }),
    ...(isRefused && typeof detail === 'string' && { detail: detail.slice(0, 500) }),
    ...(command.state === 'expired' && ({ late: true } as const)),
  });
  effects.endTimer(timerOf(command.id));
  // Where the device is another process's, that one sees the reply too (apply-observed.ts).
  if (command.name === 'selfTest' && saysPassed(reply) && situation.owns(context.place.partition))
    noteSelfTest(context, report.meta.receivedAt);
}

export function saysPassed({ ok, result }: Reply): boolean {
  return ok && ((result ?? {}) as { readonly passed?: unknown }).passed === true;
}

export function expireCommand(situation: Situation, effects: Effects, commandId: string): void {
  const command = situation.commands.get(commandId);
  if (command !== undefined && isOpen(command)) keep(situation, effects, { ...command, state: 'expired' });
}

function keep(situation: Situation, effects: Effects, command: KeptCommand): void {
  // The newest last: what is forgotten first is what changed longest ago.
  situation.commands.delete(command.id);
  situation.commands.set(command.id, command);
  effects.commands.set(command.id, command);
  const { repliedAt, sentAt, requestedAt, expiresAt, state } = command;
  const at = state === 'expired' ? expiresAt : (repliedAt ?? sentAt ?? requestedAt);
  followUpdateCommand({ situation, effects, at, entryId: `command:${command.id}:${state}` }, command);
  if (situation.commands.size <= COMMANDS_KEPT) return;
  for (const [id, oldest] of situation.commands) {
    if (isOpen(oldest)) continue;
    situation.commands.delete(id);
    if (situation.commands.size <= COMMANDS_KEPT) return;
  }
}
