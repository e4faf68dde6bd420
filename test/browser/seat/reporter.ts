import type { ContractCentre } from '../../contract/client/contract-centre.ts';
import type { AlarmRow } from '../../contract/client/api-client.ts';
import { DeviceClient } from '../../contract/client/device-client.ts';

const models = { terminal: 'generic-terminal', smoke: 'generic-smoke', heat: 'generic-heat', gas: 'generic-gas' };

/** One device with a rising seq that raises conditions and reports values, over a new connection when the old one broke. */
export class Reporter {
  readonly deviceId: string;
  readonly #centre: ContractCentre;
  readonly #secret: string;
  #client: DeviceClient;
  #seq = 0;

  private constructor(centre: ContractCentre, deviceId: string, secret: string, client: DeviceClient) {
    this.#centre = centre;
    this.deviceId = deviceId;
    this.#secret = secret;
    this.#client = client;
  }

  static async create(
    centre: ContractCentre,
    deviceId: string,
    venueId: string,
    kind: keyof typeof models = 'terminal',
    more: { readonly reportingIntervalMs?: number } = {},
  ): Promise<Reporter> {
    const secret = await centre.register(deviceId, { venueId, model: models[kind], ...more });
    return new Reporter(centre, deviceId, secret, await DeviceClient.connect(centre.process.mqttUrl, deviceId, secret));
  }

  /** After the centre was gone. */
  async reconnect(): Promise<void> {
    this.#client.mqtt.end(true);
    this.#client = await DeviceClient.connect(this.#centre.process.mqttUrl, this.deviceId, this.#secret);
  }

  async event(kind: string, fields: object = {}): Promise<void> {
    const basis = { epoch: 'd', seq: ++this.#seq, at: Date.now(), kind, point: 'c1', active: true, level: 'alarm' };
    await this.#client.event({ ...basis, ...fields });
  }

  /** Raises a condition; the alarm as the centre has it. */
  async raise(kind: string, fields: { readonly point?: string; readonly level?: string } = {}): Promise<AlarmRow> {
    await this.event(kind, fields);
    return this.#centre.raised(this.deviceId, kind, fields.point ?? 'c1');
  }

  async values(values: Readonly<Record<string, number>>): Promise<void> {
    await this.#client.telemetry({ epoch: 'd', seq: ++this.#seq, at: Date.now(), values });
  }

  /** Rows at a steady pace, as a device sends what it kept. */
  async batch(at0: number, periodMs: number, points: readonly string[], rows: readonly number[][]): Promise<void> {
    await this.#client.telemetry({ epoch: 'd', seq: ++this.#seq, at0, periodMs, points, rows });
  }

  async send(channel: string, message: object | Buffer): Promise<void> {
    await this.#client.send(channel, message);
  }

  nextSeq(): number {
    return ++this.#seq;
  }

  end(): void {
    this.#client.mqtt.end(true);
  }
}
