import { commandLifetimeMs } from '@fengsui/protocol';
import type { Log } from '../platform/log.ts';
import { sendOrder, type CentreOrder, type SendOrderParts } from '../response/send-order.ts';
import { isOver, type KeptRollout, type KeptRolloutDevice } from './kept-rollout.ts';

export type RolloutCourierOptions = SendOrderParts & { readonly log: Log };

const LOOK_EVERY_MS = 1_000;
/** Terminals that fetch at a time: a city that downloads at once would keep its reports waiting. */
const FETCHING_AT_ONCE = 50;
const TOLD_PER_LOOK = 10;
/** Not told again before a reply can have come; then less and less often. */
const FIRST_PAUSE_MS = commandLifetimeMs + 10_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** A terminal that has connected a moment ago has other things to say first. */
const REFUSED_PAUSE_MS = 5_000;

/**
 * Tells the terminals of a rollout, as far as it is their turn: signed commands, when they are connected. Whether a
 * device may be told is decided again where the command is applied; what is told is on record as a command.
 */
export class RolloutCourier {
  readonly #options: RolloutCourierOptions;
  readonly #notBefore = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(options: RolloutCourierOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#look().catch((error: unknown) => {
        const words = error instanceof Error ? error.message : String(error);
        this.#options.log.warn('rollout: not told', { error: words });
      });
    }, LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const { situation } = this.#options;
      const under = [...situation.rollouts.rollouts.values()].filter((rollout) => !isOver(rollout));
      if (under.length === 0) this.#notBefore.clear();
      for (const rollout of under) await Promise.all(this.#due(rollout).map((device) => this.#tell(rollout, device)));
    } finally {
      this.#looking = false;
    }
  }

  #due(rollout: KeptRollout): readonly KeptRolloutDevice[] {
    const { situation, commands, clock } = this.#options;
    const now = clock.now();
    const fetching = rollout.stages.reduce((sum, { counts }) => sum + counts.fetching, 0);
    const room = rollout.state === 'running' ? Math.min(TOLD_PER_LOOK, FETCHING_AT_ONCE - fetching) : TOLD_PER_LOOK;
    const due: KeptRolloutDevice[] = [];
    if (rollout.state !== 'running' && rollout.state !== 'rollingBack') return due;
    for (const device of situation.rollouts.devicesOf(rollout.id)) {
      if (due.length >= room) break;
      if (!isWanted(rollout, device) || now < (this.#notBefore.get(keyOf(rollout, device)) ?? 0)) continue;
      if (situation.isIdentitySuspect(device.deviceId) || !commands.isReachable(device.deviceId)) continue;
      due.push(device);
    }
    return due;
  }

  async #tell(rollout: KeptRollout, member: KeptRolloutDevice): Promise<void> {
    const { clock, situation } = this.#options;
    const { deviceId, tries } = member;
    const device = situation.registry.device(deviceId);
    if (device === undefined) return;
    const now = clock.now();
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, 10));
    this.#notBefore.set(keyOf(rollout, member), now + (tries === 0 ? REFUSED_PAUSE_MS : pauseMs));
    const { id: rolloutId, manifest } = rollout;
    const order: Pick<CentreOrder, 'name' | 'args'> =
      rollout.state === 'running'
        ? { name: 'update', args: { rolloutId, manifest } }
        : { name: 'updateRollBack', args: { rolloutId, kind: manifest.kind, version: manifest.version } };
    const { startedBy: by, releaseId } = rollout;
    await sendOrder(this.#options, { device, ...order, reason: `rollout ${rolloutId}: ${releaseId}`, by });
  }
}

/** Its turn; or it took what is to be taken back. */
function isWanted(rollout: KeptRollout, { stage, state }: KeptRolloutDevice): boolean {
  if (rollout.state === 'running') return stage <= rollout.stage && state === 'waiting';
  return state === 'fetching' || state === 'trying' || state === 'running';
}

/** A decision of a person begins anew, without the pauses of before. */
function keyOf({ id, steps }: KeptRollout, { deviceId }: KeptRolloutDevice): string {
  return `${id}/${deviceId}/${steps.findLast(({ by }) => by !== undefined)?.at ?? 0}`;
}
