import { rolloutDeviceStates, type ReleaseKind, type RolloutCounts, type RolloutDeviceState } from '@fengsui/protocol';
import type { Effects } from '../situation/effects.ts';
import { isOver, type KeptRelease, type KeptRollout, type KeptRolloutDevice } from './kept-rollout.ts';

/** Rollouts that are done and can still be taken back. */
export const DONE_KEPT = 20;

export const noCounts = Object.fromEntries(rolloutDeviceStates.map((state) => [state, 0])) as RolloutCounts;

/** What the situation knows of releases and rollouts; the devices of those that are not over, or were lately. */
export class RolloutBook {
  readonly releases = new Map<string, KeptRelease>();
  readonly rollouts = new Map<string, KeptRollout>();
  /** By rollout and device, in the order of their turn. */
  readonly devices = new Map<string, Map<string, KeptRolloutDevice>>();

  device(rolloutId: string, deviceId: string): KeptRolloutDevice | undefined {
    return this.devices.get(rolloutId)?.get(deviceId);
  }

  devicesOf(rolloutId: string): IterableIterator<KeptRolloutDevice> {
    return (this.devices.get(rolloutId) ?? new Map<string, KeptRolloutDevice>()).values();
  }

  /** Those that have had their turn: of this stage and the ones before. */
  *turned({ id, stage }: Pick<KeptRollout, 'id' | 'stage'>): IterableIterator<KeptRolloutDevice> {
    for (const device of this.devicesOf(id)) if (device.stage <= stage) yield device;
  }

  /** The rollout of this kind that is not over and in which the device has a part. */
  openOf(deviceId: string, kind: ReleaseKind): KeptRollout | undefined {
    for (const rollout of this.rollouts.values())
      if (!isOver(rollout) && rollout.manifest.kind === kind && this.device(rollout.id, deviceId) !== undefined)
        return rollout;
    return undefined;
  }

  keepRelease(effects: Effects, release: KeptRelease): void {
    this.releases.set(release.id, release);
    effects.releases.set(release.id, release);
  }

  keep(effects: Effects, rollout: KeptRollout): KeptRollout {
    this.rollouts.set(rollout.id, rollout);
    effects.rollouts.set(rollout.id, rollout);
    if (rollout.state === 'rolledBack') this.devices.delete(rollout.id);
    if (rollout.state === 'done') this.#forgetDone();
    return rollout;
  }

  /** What is done can be taken back as long as its devices are known. */
  #forgetDone(): void {
    const done = [...this.rollouts.values()].filter(({ id, state }) => state === 'done' && this.devices.has(id));
    done.sort((one, other) => (other.endedAt ?? 0) - (one.endedAt ?? 0));
    for (const { id } of done.slice(DONE_KEPT)) this.devices.delete(id);
  }

  /** Keeps what became of a device, and the rollout with its counts. */
  keepDevice(effects: Effects, rollout: KeptRollout, device: KeptRolloutDevice): KeptRollout {
    const before = this.device(rollout.id, device.deviceId)?.state;
    this.devices.get(rollout.id)?.set(device.deviceId, device);
    effects.rolloutDevices.set(`${rollout.id}/${device.deviceId}`, device);
    if (before === device.state) return rollout;
    const stages = rollout.stages.map((stage, index) =>
      index === device.stage ? { ...stage, counts: moved(stage.counts, before, device.state) } : stage,
    );
    return this.keep(effects, { ...rollout, stages });
  }
}

function moved(counts: RolloutCounts, from: RolloutDeviceState | undefined, to: RolloutDeviceState): RolloutCounts {
  return { ...counts, ...(from !== undefined && { [from]: counts[from] - 1 }), [to]: counts[to] + 1 };
}
