import { readFile } from 'node:fs/promises';
import { CentreProcess } from '../../harness/centre-process.ts';
import { ApiClient } from './api-client.ts';
import { DeviceClient } from './device-client.ts';
import { Provision } from './provision.ts';

/** One centre per test file, with a caller who may read and do everything a desk does, and devices on demand. */
export class ContractCentre {
  readonly process: CentreProcess;
  readonly provision: Provision;
  readonly api: ApiClient;
  readonly secrets = new Map<string, string>();
  readonly #devices: DeviceClient[] = [];

  private constructor(centre: CentreProcess, provision: Provision, api: ApiClient) {
    this.process = centre;
    this.provision = provision;
    this.api = api;
  }

  static async start(): Promise<ContractCentre> {
    const centre = await CentreProcess.start();
    const provision = new Provision(centre);
    return new ContractCentre(centre, provision, new ApiClient(centre.webUrl, await provision.token('shiftLeader')));
  }

  async register(
    id: string,
    options: { readonly venueId?: string; readonly model?: string; readonly parentId?: string } = {},
  ): Promise<string> {
    const secret = await this.provision.device(id, options.venueId ?? 'V1', options.model, options.parentId);
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
