import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { within } from './eventually.ts';

/** A device as an integrator writes one: mqtt.js, its own topics, JSON. */
export class DeviceClient {
  readonly deviceId: string;
  readonly mqtt: MqttClient;

  private constructor(deviceId: string, client: MqttClient) {
    this.deviceId = deviceId;
    this.mqtt = client;
  }

  static async connect(
    mqttUrl: string,
    deviceId: string,
    secret: string,
    options: IClientOptions = {},
  ): Promise<DeviceClient> {
    const client = await within(
      `${deviceId} to connect`,
      mqtt.connectAsync(mqttUrl, {
        clientId: deviceId,
        username: deviceId,
        password: secret,
        protocolVersion: 4,
        reconnectPeriod: 0,
        ...options,
      }),
    );
    client.on('error', () => undefined);
    return new DeviceClient(deviceId, client);
  }

  topic(channel: string, deviceId = this.deviceId): string {
    return `fengsui/v1/${deviceId}/${channel}`;
  }

  /** Resolves with the acknowledgement. */
  async send(
    channel: string,
    message: object | string | Buffer,
    options: { readonly qos?: 0 | 1 | 2; readonly retain?: boolean; readonly as?: string } = {},
  ): Promise<void> {
    const payload = typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message);
    const { qos = 1, retain = false, as } = options;
    await within(
      `${this.deviceId} ${channel}: PUBACK`,
      this.mqtt.publishAsync(this.topic(channel, as ?? this.deviceId), payload, { qos, retain }),
    );
  }

  async telemetry(message: object): Promise<void> {
    await this.send('telemetry', message);
  }

  async event(message: object): Promise<void> {
    await this.send('event', message);
  }

  async end(): Promise<void> {
    await within(`${this.deviceId} to disconnect`, this.mqtt.endAsync(true));
  }

  /** The connection breaks as in a power cut: no DISCONNECT. */
  cut(): void {
    this.mqtt.stream.destroy();
  }
}
