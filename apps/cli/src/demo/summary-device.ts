import type { DemoDevice, DemoDeviceEntry } from '@fengsui/city';
import { createLimitHazards, terminalLimitRules, type LimitHazards } from '@fengsui/hazard';
import { unitOf } from '@fengsui/protocol';
import { createReportWriter, numberingFrom, type ReportWriter, type Uplink } from '@fengsui/terminal';

/** A device of the demo without waveforms: values from its model, hazards found as its terminal would. */
export class SummaryDevice {
  readonly #device: DemoDevice;
  readonly #intervalMs: number;
  readonly #uplink: Uplink;
  readonly #writer: ReportWriter;
  readonly #hazards: LimitHazards | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(entry: DemoDeviceEntry, device: DemoDevice, uplink: Uplink, epoch: string) {
    this.#device = device;
    this.#intervalMs = entry.reportingIntervalMs;
    this.#uplink = uplink;
    this.#writer = createReportWriter(entry.id, numberingFrom(epoch));
    const { simulation } = entry;
    // Detectors only measure; a terminal judges its circuits itself.
    if (simulation.kind === 'terminal') {
      const circuits = simulation.circuits.map(({ id, ratedA }) => ({ prefix: id, ratedA }));
      this.#hazards = createLimitHazards({ circuits, rules: terminalLimitRules });
    }
  }

  /** `offsetMs` spreads the devices of the city over their interval. */
  start(offsetMs: number): void {
    this.#uplink.start();
    this.#timer = setTimeout(() => {
      this.#report();
      this.#timer = setInterval(() => this.#report(), this.#intervalMs);
    }, offsetMs);
  }

  async stop(timeoutMs: number): Promise<void> {
    clearTimeout(this.#timer);
    await this.#uplink.stop(timeoutMs);
  }

  #report(): void {
    const at = Date.now();
    const values = this.#device.at(at);
    for (const [pointId, value] of Object.entries(values)) {
      for (const event of this.#hazards?.read({ at, pointId, value }) ?? []) {
        const { kind, point, active, level, limit } = event;
        const evidence = { value: event.value, limit, unit: unitOf(event.pointId) };
        this.#uplink.send(this.#writer.event({ at, kind, point, active, level, evidence }));
      }
    }
    this.#uplink.send(this.#writer.telemetry(at, values));
  }
}
