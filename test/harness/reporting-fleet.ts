import { eventually } from '../contract/client/eventually.ts';
import { assertNothingLost } from './assert-nothing-lost.ts';
import type { CentreProcess } from './centre-process.ts';
import { ReportingDevice } from './reporting-device.ts';

export type ReportingFleetOptions = {
  readonly count: number;
  /** Ids are the prefix and a number from 1 on. */
  readonly prefix: string;
  readonly intervalMs: number;
  /** A switch of its condition every so many reports. */
  readonly eventEvery: number;
  /** Without it the devices know the door of the centre that registered them alone. */
  readonly mqttUrls?: readonly string[];
};

/** Devices that report and never give up, and what the centre owes them. */
export class ReportingFleet {
  readonly devices: readonly ReportingDevice[];
  readonly #from = Date.now() - 1_000;
  readonly #runs: readonly Promise<void>[];

  private constructor(devices: readonly ReportingDevice[], { intervalMs, eventEvery }: ReportingFleetOptions) {
    this.devices = devices;
    this.#runs = devices.map((device) => device.run(intervalMs, eventEvery));
  }

  /** Registers them in five venues, and lets them report. Call `cut` after the test: they would keep a failed one alive. */
  static async start(centre: CentreProcess, options: ReportingFleetOptions): Promise<ReportingFleet> {
    const { count, prefix, mqttUrls = [centre.mqttUrl] } = options;
    const devices: ReportingDevice[] = [];
    for (let n = 1; n <= count; n++) {
      const id = `${prefix}${n}`;
      devices.push(new ReportingDevice(mqttUrls, id, await centre.createDevice(id, 'generic-terminal', `v${n % 5}`)));
    }
    return new ReportingFleet(devices, options);
  }

  get acknowledgedCount(): number {
    return this.devices.reduce((sum, device) => sum + device.acknowledged.length, 0);
  }

  /** Resolves when reports are being taken: five of each device on average. */
  async goesOn(): Promise<void> {
    const before = this.acknowledgedCount;
    await eventually('reports to be taken', () => this.acknowledgedCount > before + 5 * this.devices.length);
  }

  /** No device begins another report. */
  cut(): void {
    for (const device of this.devices) device.stop();
  }

  /** Resolves when the last report of each device is acknowledged. */
  async stop(): Promise<void> {
    this.cut();
    await Promise.all(this.#runs);
  }

  /** The words say how much was compared. */
  assertNothingLost(webUrl: string, token: string): Promise<string> {
    return assertNothingLost({ webUrl, token, devices: this.devices, from: this.#from });
  }
}
