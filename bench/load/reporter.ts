import type { DeviceConnection } from './device-connection.ts';
import { monotonicMs } from './monotonic-ms.ts';
import { telemetryPayload } from './telemetry-payload.ts';

/** One connection with its counter and the times of what is not acknowledged yet. */
export class Reporter {
  readonly connection: DeviceConnection;
  readonly #topic: string;
  readonly #epoch: string;
  readonly #dueAtMs = new Map<number, number>();
  #seq = 0;

  constructor(connection: DeviceConnection, epoch: string) {
    this.connection = connection;
    this.#topic = `fengsui/v1/${connection.deviceId}/telemetry`;
    this.#epoch = epoch;
  }

  get outstanding(): number {
    return this.#dueAtMs.size;
  }

  /** `dueAtMs`: from when the latency counts. */
  send(dueAtMs: number): void {
    const id = this.connection.publish(this.#topic, telemetryPayload(this.#epoch, this.#seq++, Date.now()));
    this.#dueAtMs.set(id, dueAtMs);
  }

  /** `told` receives the latency of each acknowledgement and its moment. */
  listen(told: (latencyMs: number, atMs: number) => void): void {
    this.connection.onAcknowledged = (id) => {
      const atMs = monotonicMs();
      const dueAtMs = this.#dueAtMs.get(id);
      if (dueAtMs === undefined) throw new Error(`device ${this.connection.deviceId}: PUBACK of unknown id ${id}`);
      this.#dueAtMs.delete(id);
      told(atMs - dueAtMs, atMs);
    };
  }
}
