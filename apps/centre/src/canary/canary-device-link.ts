import { topicOf } from '@fengsui/protocol';
import { MqttClient } from 'mqtt';
import { connect as connectTcp } from 'node:net';
import type { Log } from '../platform/log.ts';
import { CANARY_DEVICE_ID } from './canary-device.ts';

/** How canary alarms come to a door for devices. */
export type CanaryDeviceLink = {
  readonly isConnected: boolean;
  /** `onConnect`: it can send now. */
  start(onConnect: () => void): void;
  /** Resolves when the door has acknowledged it, or it is known that it will not. */
  send(payload: Uint8Array): Promise<void>;
  stop(): void;
};

const RECONNECT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 10_000;

export type CanaryMqttOptions = {
  readonly secret: string;
  readonly host: string;
  /** Known once the door is open. */
  readonly port: () => number;
  readonly log: Log;
};

/** The canary's device at the MQTT door of this process. */
export class CanaryMqttLink implements CanaryDeviceLink {
  readonly #options: CanaryMqttOptions;
  #client: MqttClient | undefined;

  constructor(options: CanaryMqttOptions) {
    this.#options = options;
  }

  get isConnected(): boolean {
    return this.#client?.connected === true;
  }

  start(onConnect: () => void): void {
    const { secret, host, port, log } = this.#options;
    const client = new MqttClient(() => connectTcp({ host, port: port() }), {
      clientId: CANARY_DEVICE_ID,
      username: CANARY_DEVICE_ID,
      password: secret,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: RECONNECT_MS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // What waits for a connection is not worth sending: the next try sends it anew.
      queueQoSZero: false,
      resubscribe: false,
    });
    client.on('error', (error) => log.debug('canary device', { error: error.message }));
    client.on('connect', onConnect);
    this.#client = client;
  }

  send(payload: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (this.#client === undefined) return resolve();
      this.#client.publish(topicOf('event', CANARY_DEVICE_ID), Buffer.from(payload), { qos: 1 }, () => resolve());
    });
  }

  stop(): void {
    this.#client?.end(true);
  }
}
