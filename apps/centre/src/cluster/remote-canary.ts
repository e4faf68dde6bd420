import { Buffer } from 'node:buffer';
import type { CanaryDeviceLink } from '../canary/canary-device-link.ts';
import type { GatewayDirectory } from './gateway-directory.ts';
import type { RemoteDoors } from './remote-doors.ts';

/** Each round through the next gateway: its own canary goes through its own MQTT door. */
export class RemoteCanary implements CanaryDeviceLink {
  readonly #directory: GatewayDirectory;
  readonly #doors: RemoteDoors;
  #turn = 0;

  constructor(directory: GatewayDirectory, doors: RemoteDoors) {
    this.#directory = directory;
    this.#doors = doors;
  }

  get isConnected(): boolean {
    return this.#directory.alive().length > 0;
  }

  /** Nobody says when the first gateway comes: the canary tries again by itself. */
  start(): void {}

  async send(payload: Uint8Array): Promise<void> {
    const gateways = this.#directory.alive();
    const next = gateways[this.#turn++ % Math.max(1, gateways.length)];
    if (next === undefined) return;
    await this.#doors.ask(next.gateway, { kind: 'canary', payload: Buffer.from(payload).toString('base64') });
  }

  stop(): void {}
}
