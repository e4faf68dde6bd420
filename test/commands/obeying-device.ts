import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { DeviceClient } from '../contract/client/device-client.ts';
import { within } from '../contract/client/eventually.ts';

export type WireCommand = {
  readonly id: string;
  readonly deviceId: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly keyId: string;
  readonly signature: string;
};

/** RFC 8785 for what commands hold, written once more: no fractions with odd forms occur in these tests. */
function jcs(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jcs).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${jcs((value as Record<string, unknown>)[name])}`).join(',')}}`;
}

export function publicKeyOf(base64url: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: base64url }, format: 'jwk' });
}

export const keyIdOf = (base64url: string): string =>
  createHash('sha256').update(Buffer.from(base64url, 'base64url')).digest('hex').slice(0, 16);

export function isSigned({ signature, ...signed }: WireCommand, publicKey: string): boolean {
  const bytes = Buffer.from(jcs(signed), 'utf8');
  return verify(null, bytes, publicKeyOf(publicKey), Buffer.from(signature, 'base64url'));
}

/** A device as an integrator writes one: it hears commands on its topic, one after the other. */
export class ObeyingDevice {
  readonly client: DeviceClient;
  readonly heard: WireCommand[] = [];
  #waiting: ((command: WireCommand) => void)[] = [];
  #next = 0;

  private constructor(client: DeviceClient) {
    this.client = client;
    client.mqtt.on('message', (topic, payload) => {
      if (!topic.endsWith('/command')) return;
      this.heard.push(JSON.parse(payload.toString('utf8')) as WireCommand);
      this.#hand();
    });
  }

  static async on(client: DeviceClient, ofDevice = client.deviceId): Promise<ObeyingDevice> {
    const device = new ObeyingDevice(client);
    const [granted] = await client.mqtt.subscribeAsync(client.topic('command', ofDevice), { qos: 1 });
    if (granted?.qos !== 1) throw new Error(`subscription granted with ${granted?.qos}`);
    return device;
  }

  /** The next command that was not taken yet. */
  command(): Promise<WireCommand> {
    const heard = new Promise<WireCommand>((resolve) => this.#waiting.push(resolve));
    this.#hand();
    return within(`a command to ${this.client.deviceId}`, heard);
  }

  async reply(id: string, ok: boolean, result: unknown, as?: string): Promise<void> {
    const options = as === undefined ? {} : { as };
    await this.client.send('reply', { id, ok, result, at: Date.now() }, options);
  }

  #hand(): void {
    while (this.#waiting.length > 0 && this.#next < this.heard.length) {
      this.#waiting.shift()?.(this.heard[this.#next++] as WireCommand);
    }
  }
}
