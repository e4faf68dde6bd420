import { readUpdateEvidence, type RolloutDeviceState } from '@fengsui/protocol';
import type { KeptCommand } from '../situation/kept-command.ts';
import type { CommandAct } from '../situation/operator-act.ts';
import type { Situation } from '../situation/situation.ts';
import type { KeptRollout, KeptRolloutDevice } from './kept-rollout.ts';
import type { RolloutGround } from './rollout-life.ts';
import { judgeRollout } from './watch-rollout.ts';

const updateCommands: readonly string[] = ['update', 'updateRollBack'];
export const isUpdateCommand = ({ name }: Pick<KeptCommand, 'name'>): boolean => updateCommands.includes(name);

/** Refusals of a terminal that say nothing about the release: it is told again. */
const PASSING = ['clockUnknown', 'expired', 'notYetValid', 'replayed', 'notKept', 'busy'];

const CODE = /^\w{1,64}$/;

/**
 * What speaks against an update by what is known when it is applied, whoever asks: only the rollout's own, only a
 * device that has its turn, only while it runs. So no more than the share of its stage is ever told.
 */
export function updateRefusal(
  { rollouts }: Situation,
  { name, deviceId, args }: CommandAct,
): { readonly code: 'notInRollout'; readonly detail: string } | undefined {
  if (!isUpdateCommand({ name })) return undefined;
  const { rolloutId, manifest, version } = args as {
    readonly rolloutId?: string;
    readonly manifest?: { readonly signature?: unknown };
    readonly version?: unknown;
  };
  const rollout = rollouts.rollouts.get(rolloutId ?? '');
  const device = rollouts.device(rolloutId ?? '', deviceId);
  const refuse = (detail: string) => ({ code: 'notInRollout', detail }) as const;
  if (rollout === undefined || device === undefined)
    return refuse(`${deviceId} has no part in rollout ${rolloutId ?? ''}`);
  if (name === 'updateRollBack') {
    if (rollout.state !== 'rollingBack') return refuse(`rollout ${rollout.id} is ${rollout.state}, not rolled back`);
    if (device.tries === 0) return refuse(`${deviceId} was never told of it`);
    return version === rollout.manifest.version ? undefined : refuse(`it is about ${rollout.manifest.version}`);
  }
  if (rollout.state !== 'running') return refuse(`rollout ${rollout.id} is ${rollout.state}`);
  if (device.stage > rollout.stage) return refuse(`${deviceId} has its turn in stage ${device.stage + 1}`);
  if (device.state !== 'waiting') return refuse(`${deviceId} was told already: ${device.state}`);
  return manifest?.signature === rollout.manifest.signature ? undefined : refuse('it is another release');
}

/** What became of a command of a rollout: on record, sent, answered, or not. */
export function followUpdateCommand(ground: RolloutGround, command: KeptCommand): void {
  if (!isUpdateCommand(command)) return;
  const { rolloutId = '' } = command.args as { readonly rolloutId?: string };
  const rollout = ground.situation.rollouts.rollouts.get(rolloutId);
  const device = ground.situation.rollouts.device(rolloutId, command.deviceId);
  if (rollout === undefined || device === undefined) return;
  const now = command.name === 'update' ? told(device, command, ground.at) : toldBack(device, command, ground.at);
  if (now !== undefined) keep(ground, rollout, now);
}

function told(device: KeptRolloutDevice, command: KeptCommand, at: number): KeptRolloutDevice | undefined {
  const { state, code, detail, repliedAt } = command;
  switch (state) {
    case 'requested': {
      const { code: _code, detail: _detail, ...rest } = device;
      return { ...rest, state: 'fetching', changedAt: at, toldAt: device.toldAt ?? at, tries: device.tries + 1 };
    }
    case 'sent':
      return undefined;
    case 'done': {
      const { running } = resultOf(command);
      if (resultOf(command).state !== 'running') return undefined;
      return device.state === 'running'
        ? undefined
        : { ...device, state: 'running', changedAt: at, ...(running !== undefined && { running }) };
    }
    case 'refused':
      // Refused here: it never left.
      if (repliedAt === undefined || device.state !== 'fetching') return undefined;
      if (PASSING.includes(code ?? '')) return { ...device, state: 'waiting', changedAt: at };
      return failed(device, at, code ?? 'refused', detail);
    case 'failed':
      if (device.state !== 'fetching') return undefined;
      if (repliedAt === undefined) return { ...device, state: 'waiting', changedAt: at };
      return failed(device, at, 'failed', resultOf(command).error);
    case 'expired':
      return device.state === 'fetching' ? { ...device, state: 'waiting', changedAt: at } : undefined;
  }
}

function toldBack(device: KeptRolloutDevice, command: KeptCommand, at: number): KeptRolloutDevice | undefined {
  const { state, code, detail, repliedAt } = command;
  if (state === 'requested') return { ...device, tries: device.tries + 1 };
  if (state === 'done' && resultOf(command).state === 'rolledBack')
    return wentBack(device, at, resultOf(command).running);
  if (state !== 'refused' || repliedAt === undefined) return undefined;
  // It does not run it (any more).
  if (code === 'notRunning') return wentBack(device, at, resultOf(command).running);
  return PASSING.includes(code ?? '') ? undefined : failed(device, at, code ?? 'refused', detail);
}

/** A terminal says how its update goes. One whose credential may be in two hands moves nothing. */
export function followUpdateEvent(ground: RolloutGround, deviceId: string, evidence: unknown): void {
  const { situation, at } = ground;
  const said = readUpdateEvidence(evidence);
  if (said === undefined || situation.isIdentitySuspect(deviceId)) return;
  const rollout = situation.rollouts.rollouts.get(said.rolloutId);
  const device = situation.rollouts.device(said.rolloutId, deviceId);
  if (rollout === undefined || device === undefined || device.state === 'excluded') return;
  if (device.tries === 0 || said.version !== rollout.manifest.version) return;
  const code = said.code !== undefined && CODE.test(said.code) ? said.code : undefined;
  const now = heard(device, rollout, { ...said, at, ...(code !== undefined && { code }) });
  if (now !== undefined) keep(ground, rollout, now);
}

function heard(
  device: KeptRolloutDevice,
  rollout: KeptRollout,
  said: NonNullable<ReturnType<typeof readUpdateEvidence>> & { readonly at: number },
): KeptRolloutDevice | undefined {
  const { at, running } = said;
  switch (said.state) {
    case 'trying':
    case 'running': {
      const state: RolloutDeviceState = said.state;
      if (device.state === state || (state === 'trying' && device.state === 'running')) return undefined;
      const { code: _code, detail: _detail, ...rest } = device;
      return { ...rest, state, changedAt: at, running };
    }
    case 'rolledBack':
      return wentBack(device, at, running);
    case 'failed':
      if (rollout.state === 'rollingBack') return wentBack(device, at, running);
      return { ...failed(device, at, said.code ?? 'failed', said.detail), running };
  }
}

function wentBack(device: KeptRolloutDevice, at: number, running: string | undefined): KeptRolloutDevice {
  const { code: _code, detail: _detail, ...rest } = device;
  return { ...rest, state: 'rolledBack', changedAt: at, ...(running !== undefined && { running }) };
}

const failed = (
  device: KeptRolloutDevice,
  at: number,
  code: string,
  detail: string | undefined,
): KeptRolloutDevice => ({
  ...device,
  state: 'failed',
  changedAt: at,
  code,
  ...(detail !== undefined && { detail: detail.slice(0, 500) }),
});

function keep(ground: RolloutGround, rollout: KeptRollout, device: KeptRolloutDevice): void {
  ground.situation.rollouts.keepDevice(ground.effects, rollout, device);
  judgeRollout(ground, rollout.id);
}

function resultOf({ result }: KeptCommand): {
  readonly state?: string;
  readonly running?: string;
  readonly error?: string;
} {
  const said = (typeof result === 'object' && result !== null ? result : {}) as Record<string, unknown>;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value.slice(0, 500) : undefined);
  const [state, running, error] = [text(said['state']), text(said['running']), text(said['error'])];
  return {
    ...(state !== undefined && { state }),
    ...(running !== undefined && { running }),
    ...(error !== undefined && { error }),
  };
}
