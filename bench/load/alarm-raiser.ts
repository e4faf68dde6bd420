import { alarmKey } from '../centre/alarm-watcher.ts';
import { DeviceConnection, type DeviceCredential } from './device-connection.ts';
import { monotonicMs } from './monotonic-ms.ts';

const POINTS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'];
const KINDS = [
  'arc',
  'overload',
  'contactHeating',
  'overTemperature',
  'residualCurrent',
  'overVoltage',
  'underVoltage',
  'phaseLoss',
  'neutralLoss',
  'imbalance',
  'prohibitedLoad',
  'tamper',
];

export type Raised = {
  readonly deviceId: string;
  /** Of the alarm, as `alarmKey`. */
  readonly key: string;
  readonly sentAtMs: number;
  /** Resolves with the moment of the PUBACK. */
  readonly acknowledged: Promise<number>;
};

type Raiser = {
  readonly connection: DeviceConnection;
  readonly waiting: Map<number, (atMs: number) => void>;
  seq: number;
};

/** Devices that raise alarms, each of a condition that was never raised before. */
export class AlarmRaiser {
  readonly #raisers: readonly Raiser[];
  #next = 0;

  private constructor(raisers: readonly Raiser[]) {
    this.#raisers = raisers;
  }

  static async connect(port: number, devices: readonly DeviceCredential[]): Promise<AlarmRaiser> {
    const raisers: Raiser[] = [];
    for (const device of devices) {
      const connection = await DeviceConnection.open(port, device);
      const waiting = new Map<number, (atMs: number) => void>();
      connection.onAcknowledged = (id) => {
        waiting.get(id)?.(monotonicMs());
        waiting.delete(id);
      };
      raisers.push({ connection, waiting, seq: 0 });
    }
    return new AlarmRaiser(raisers);
  }

  raise(): Raised {
    const raiser = this.#raisers[this.#next % this.#raisers.length] as Raiser;
    const condition = Math.floor(this.#next / this.#raisers.length);
    const point = POINTS[condition % POINTS.length] as string;
    const kind = KINDS[Math.floor(condition / POINTS.length)];
    if (kind === undefined) throw new Error(`every one of the ${this.#next} conditions has been raised`);
    this.#next++;
    const { connection, waiting } = raiser;
    const event = { epoch: 'a', seq: raiser.seq++, at: Date.now(), kind, point, active: true, level: 'alarm' };
    const sentAtMs = monotonicMs();
    const id = connection.publish(`fengsui/v1/${connection.deviceId}/event`, JSON.stringify(event));
    const acknowledged = new Promise<number>((resolve) => waiting.set(id, resolve));
    return { deviceId: connection.deviceId, key: alarmKey(connection.deviceId, point, kind), sentAtMs, acknowledged };
  }

  raiseAtOnce(count: number): readonly Raised[] {
    return Array.from({ length: count }, () => this.raise());
  }

  close(): void {
    for (const { connection } of this.#raisers) connection.close();
  }
}
