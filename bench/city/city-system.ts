import type { DeviceCredential } from '../load/device-connection.ts';
import type { Screen } from './screen/screen.ts';

/**
 * What an acknowledgement of the broker promises: D0 nothing beyond the memory of a process, D1 what survives the end
 * of the process, D2 what survives a power cut (fdatasync or a commit before it).
 */
export type Durability = 'D0' | 'D1' | 'D2';

/** A complete path from sensor to screen that the same generator drives. */
export type CitySystem = {
  readonly name: string;
  readonly durability: Durability;
  /** Versions and what it is made of, for the reader of the table. */
  readonly description: string;
  readonly mqttPort: number;
  readonly mqttUrl: string;
  /** Where `/api/v1/live` is a WebSocket with alarms. */
  readonly webUrl: string;
  readonly feedToken: string;
  /** Absent when it comes without a page. */
  readonly screen?: Screen;
  register(prefix: string, count: number): Promise<readonly DeviceCredential[]>;
  /** Telemetry reports in the store, committed. */
  storedReports(): Promise<number>;
  /** Processes that can be killed, in the order they are. */
  readonly processes: readonly CityProcess[];
  /** seq of every stored telemetry report of a device, doubled ones as often as they are there. */
  storedSeqs(deviceId: string): Promise<readonly number[]>;
  /** Of telemetry that a device measured from an instant to another: rows, and different reports among them. */
  storedBetween(deviceId: string, from: number, to: number): Promise<StoredRows>;
  /** Reports acknowledged and not stored yet, where the system says so itself. */
  backlog?(): Promise<number>;
  /** How often the condition `arc` of a device was raised, as stored. */
  storedRaises(deviceId: string): Promise<number>;
  dispose(): Promise<void>;
};

export type StoredRows = { readonly rows: number; readonly distinct: number };

export type CityProcess = {
  readonly name: string;
  /** Of the process and its children: a server may serve from several. */
  pids(): readonly number[];
  /** SIGKILL, and started again at once. Resolves when it serves. */
  killAndRestart(): Promise<void>;
};
