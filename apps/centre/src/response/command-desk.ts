import { encodeCommand, type CommandKey, type DeviceCommand } from '@fengsui/protocol';
import type { CommandLink } from '../intake/device-door.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { CommandSentMeta } from '../situation/decoded-entry.ts';
import type { Situation } from '../situation/situation.ts';
import type { CommandSigner } from './command-key.ts';

export type CommandDeskOptions = {
  readonly signer: CommandSigner;
  readonly link: CommandLink;
  readonly journal: Journal;
  readonly situation: Situation;
  readonly clock: Clock;
};

/** Commands dispatched lately: a request that is repeated is not sent again. */
const REMEMBERED = 1_000;

/** Signs what is on record and hands it to the device's session, once; it is never queued. */
export class CommandDesk {
  readonly #options: CommandDeskOptions;
  readonly #dispatched = new Map<string, Promise<number | undefined>>();

  constructor(options: CommandDeskOptions) {
    this.#options = options;
  }

  get publicKeys(): readonly CommandKey[] {
    return [this.#options.signer.publicKey];
  }

  isReachable(deviceId: string): boolean {
    return this.#options.link.isReachable(deviceId);
  }

  /**
   * Sends a command that is on record as `requested`. Resolves with the journal's number of what became of it;
   * undefined when there was nothing to do.
   */
  dispatch(command: DeviceCommand): Promise<number | undefined> {
    const known = this.#dispatched.get(command.id);
    if (known !== undefined) return known;
    const work = command.state === 'requested' ? this.#send(command) : Promise.resolve(undefined);
    this.#dispatched.set(command.id, work);
    const [oldest] = this.#dispatched.keys();
    if (this.#dispatched.size > REMEMBERED && oldest !== undefined) this.#dispatched.delete(oldest);
    return work;
  }

  async #send({
    id,
    deviceId,
    venueId,
    name,
    args,
    requestedAt,
    expiresAt,
  }: DeviceCommand): Promise<number | undefined> {
    const { signer, link, clock, journal, situation } = this.#options;
    const times = { issuedAt: Date.parse(requestedAt), expiresAt: Date.parse(expiresAt) };
    const message = signer.sign({ id, deviceId, name, args, ...times });
    const at = clock.now();
    const isSent = at < times.expiresAt && (await link.send(deviceId, encodeCommand(message)));
    const failure = { code: 'deviceOffline', detail: `the connection of ${deviceId} was gone before it could be sent` };
    const meta: CommandSentMeta = { commandId: id, at, ...(!isSent && { failure }) };
    const partition = situation.registry.partitionOf(venueId);
    const [sequence] = await journal.append('alarm', [{ kind: 'commandReply', partition, appendedAt: at, meta }]);
    return sequence;
  }
}
