import type { CommandLink } from './device-door.ts';

/**
 * What the centre asks of the doors through which devices come by MQTT, wherever these are: `MqttDoor` in this process,
 * `RemoteDoors` at gateways.
 */
export type DeviceDoors = CommandLink & {
  /** Resolves with the port once it listens; undefined when the doors are elsewhere. */
  start(): Promise<number | undefined>;
  stop(): Promise<void>;
  /** Where the TLS door listens; undefined when there is none here. */
  readonly tlsPort: number | undefined;
  /** Open sessions of devices. */
  readonly sessionCount: number;
  /** Connections that have not had their turn yet. */
  readonly waitingCount: number;
  /** Open sessions of a foreign source. */
  sessionsOf(sourceId: string): number;
  /** The device was changed: a session whose credential holds no longer is closed. */
  recheck(deviceId: string): void;
  /** The same of a foreign source. */
  recheckSource(sourceId: string): void;
  /** There is room again: devices with something refused come back with what they kept. */
  askAgain(): void;
  /** The centre's clock was set. */
  tellTime(): void;
};
