import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { DeviceGate } from './device-door.ts';
import type { SourceGate } from './foreign/source-door.ts';

export type MqttDoorOptions = {
  readonly host: string;
  readonly port: number;
  readonly gate: DeviceGate;
  /** Foreign sources that log in here with topics of their own. */
  readonly sources?: SourceGate;
  readonly clock: Clock;
  readonly log: Log;
  /** Sessions are numbered behind this one; default 0. */
  readonly firstSession?: number;
  /** A second door with TLS; PEM. `clientCa` signs the certificates of devices, their name being the device id. */
  readonly tls?: MqttTls;
};

export type MqttTls = {
  readonly host: string;
  readonly port: number;
  readonly key: string;
  readonly cert: string;
  readonly clientCa?: string;
};
