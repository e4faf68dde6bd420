import { readFile } from 'node:fs/promises';
import { CentreProcess } from '../../harness/centre-process.ts';
import {
  ApiClient,
  type AlarmRow,
  type AlarmStep,
  type Answer,
  type Page,
  type Quarantined,
  type SeriesRow,
} from './api-client.ts';
import { DeviceClient } from './device-client.ts';
import { eventually } from './eventually.ts';
import { Provision } from './provision.ts';

const HOUR_MS = 3_600_000;

/** One centre per test file, with a caller who may read and do everything a desk does, and devices on demand. */
export class ContractCentre {
  readonly process: CentreProcess;
  readonly provision: Provision;
  readonly api: ApiClient;
  readonly secrets = new Map<string, string>();
  readonly #devices: DeviceClient[] = [];
  #markers = 0;

  private constructor(centre: CentreProcess, provision: Provision, api: ApiClient) {
    this.process = centre;
    this.provision = provision;
    this.api = api;
  }

  static async start(options?: Parameters<typeof CentreProcess.start>[0]): Promise<ContractCentre> {
    const centre = await CentreProcess.start(options);
    const provision = new Provision(centre);
    return new ContractCentre(centre, provision, new ApiClient(centre.webUrl, await provision.token('shiftLeader')));
  }

  async register(
    id: string,
    options: {
      readonly venueId?: string;
      readonly model?: string;
      readonly parentId?: string;
      /** Without it an hour: the device is never found silent. */
      readonly reportingIntervalMs?: number;
    } = {},
  ): Promise<string> {
    const { venueId = 'V1', model, parentId, reportingIntervalMs } = options;
    const secret = await this.provision.device(id, venueId, model, parentId, reportingIntervalMs);
    this.secrets.set(id, secret);
    return secret;
  }

  /** Registers the device when it is new, and connects it. */
  async device(id: string, options: Parameters<ContractCentre['register']>[1] = {}): Promise<DeviceClient> {
    const secret = this.secrets.get(id) ?? (await this.register(id, options));
    const device = await DeviceClient.connect(this.process.mqttUrl, id, secret);
    this.#devices.push(device);
    return device;
  }

  secretOf(id: string): string {
    const secret = this.secrets.get(id);
    if (secret === undefined) throw new Error(`device ${id} is not registered by this test`);
    return secret;
  }

  /** Raw rows of a point, three hours back and one ahead. */
  async rowsOf(deviceId: string, pointId = 't1.temperatureC'): Promise<readonly SeriesRow[]> {
    const now = Date.now();
    const { items, downsampled } = await this.api.series(deviceId, pointId, now - 3 * HOUR_MS, now + HOUR_MS);
    if (downsampled !== 1) throw new Error(`${deviceId}/${pointId} has more rows than one answer holds`);
    return items;
  }

  async valuesOf(deviceId: string, pointId?: string): Promise<number[]> {
    return (await this.rowsOf(deviceId, pointId)).map(([, , , last]) => last).sort((a, b) => a - b);
  }

  /** Everything the device has sent before is applied once this value is in the series. */
  async settle(device: DeviceClient): Promise<void> {
    const value = 1_000_000 + ++this.#markers;
    await device.telemetry({ values: { 'c8.energyKwh': value } });
    await eventually('the marker to be applied', async () =>
      (await this.valuesOf(device.deviceId, 'c8.energyKwh')).includes(value),
    );
  }

  async alarmOf(deviceId: string, kind: string): Promise<AlarmRow | undefined> {
    return (await this.api.alarmsOf(deviceId)).find((candidate) => candidate.kind === kind);
  }

  raised(deviceId: string, kind: string, point?: string): Promise<AlarmRow> {
    return eventually(`alarm ${kind} of ${deviceId}`, async () =>
      (await this.api.alarmsOf(deviceId)).find(
        (found) => found.kind === kind && (point === undefined || found.pointId === point),
      ),
    );
  }

  /** The alarm once it has the state. */
  until(alarmId: string, state: string, timeoutMs?: number): Promise<AlarmRow> {
    return eventually(
      `alarm ${alarmId} to be ${state}`,
      async () => {
        const found = await this.api.alarm(alarmId);
        return found.state === state ? found : undefined;
      },
      timeoutMs,
    );
  }

  async historyOf(alarmId: string): Promise<readonly AlarmStep[]> {
    return (await this.api.get<Page<AlarmStep>>(`/api/v1/alarms/${alarmId}/history`)).items;
  }

  /** `acknowledge`, `shelve`, `unshelve` or `inspect`. */
  act(alarmId: string, what: string, body?: object, headers?: Record<string, string>): Promise<Answer> {
    return this.api.post(`/api/v1/alarms/${alarmId}/${what}`, body, headers);
  }

  /** What is switched on when is shown for half an hour to staff who say why they look. */
  async sayWhy(venueId = 'V1', api = this.api): Promise<void> {
    const answer = await api.post(`/api/v1/venues/${venueId}/load-history-reasons`, { reason: 'a test looks' });
    if (answer.status !== 201) throw new Error(`no reason taken for ${venueId}: ${JSON.stringify(answer.body)}`);
  }

  quarantined(deviceId: string, count: number): Promise<readonly Quarantined[]> {
    return eventually(`${count} messages of ${deviceId} in quarantine`, async () => {
      const found = await this.api.quarantineOf(deviceId);
      return found.length >= count ? found : undefined;
    });
  }

  /** Resident memory of the centre's process. */
  async rssBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.process.pid}/status`, 'utf8');
    const match = /^VmRSS:\s+(\d+) kB$/m.exec(status);
    if (match === null) throw new Error(`no VmRSS in /proc/${this.process.pid}/status`);
    return Number(match[1]) * 1024;
  }

  async dispose(): Promise<void> {
    for (const device of this.#devices) device.mqtt.end(true);
    await this.process.dispose();
  }
}
