import assert from 'node:assert/strict';
import type { ObeyingDevice, WireCommand } from '../commands/obeying-device.ts';

/** A simulated terminal: takes what it is told, and says how it went. */
export class SimulatedTerminal {
  readonly device: ObeyingDevice;
  /** Said the next time: undefined = it runs. */
  failsWith: string | undefined;
  /** Answers that it fetches, and says no more. */
  isSlow = false;
  readonly told: WireCommand[] = [];
  #seq = 0;
  readonly #epoch: string;

  constructor(device: ObeyingDevice, epoch: string) {
    this.device = device;
    this.#epoch = epoch;
    device.client.mqtt.on('message', (topic, payload) => {
      if (topic.endsWith('/command')) void this.#take(JSON.parse(payload.toString('utf8')) as WireCommand);
    });
  }

  async #take(command: WireCommand): Promise<void> {
    if (!command.name.startsWith('update')) return;
    this.told.push(command);
    const { rolloutId, manifest, version } = command.args as {
      rolloutId: string;
      manifest?: { kind: string; name: string; version: string };
      version?: string;
    };
    if (manifest === undefined) {
      await this.device.reply(command.id, true, { state: 'rolledBack', running: '1' });
      assert.ok(version !== undefined);
      return;
    }
    await this.device.reply(command.id, true, { state: 'accepted', running: '1' });
    if (this.isSlow) return;
    const { kind, name, version: given } = manifest;
    const state = this.failsWith === undefined ? 'running' : 'failed';
    const running = this.failsWith === undefined ? given : '1';
    const evidence = {
      schema: 'update/1',
      rolloutId,
      kind,
      name,
      version: given,
      state,
      running,
      ...(this.failsWith !== undefined && { code: this.failsWith, detail: 'said by the test' }),
    };
    const said = { epoch: this.#epoch, seq: ++this.#seq, at: Date.now(), kind: 'update', level: 'attention', evidence };
    await this.device.client.event(said);
  }
}
