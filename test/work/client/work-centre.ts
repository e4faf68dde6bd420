import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ApiClient, type Answer, type Page } from '../../contract/client/api-client.ts';
import { DeviceClient } from '../../contract/client/device-client.ts';
import { eventually } from '../../contract/client/eventually.ts';
import { CentreProcess } from '../../harness/centre-process.ts';

export type Order = {
  readonly id: string;
  readonly number: number;
  readonly revision: number;
  readonly state: string;
  readonly priority: string;
  readonly deviceId: string;
  readonly venueId: string;
  readonly openedBy?: string;
  readonly faults: readonly { kind: string; alarmId?: string; deviceId: string; count: number; active: boolean }[];
  readonly faultCount: number;
  readonly assignee?: { kind: string; id: string };
  readonly workedBy?: string;
  readonly dueAt: string;
  readonly overdue: boolean;
  readonly escalation: number;
  readonly failedAttempts: number;
  readonly failedBecause?: string;
  readonly photos: readonly { id: string; mediaType: string; bytes: number; attempt: number }[];
  readonly repair?: { cause: string; by: string; at: string };
  readonly verification?: { waitingFor: string; untilAt: string };
  readonly closedAt?: string;
  readonly reason?: string;
  readonly repeatOf?: string;
  readonly repeatCount: number;
  readonly blindReasons?: readonly string[];
  readonly acts: readonly string[];
};

export type OrderStep = {
  readonly kind: string;
  readonly at: string;
  readonly from?: string;
  readonly to: string;
  readonly by?: string;
  readonly note?: string;
};

export const PASSWORD = 'a long enough pass phrase';

/** A centre whose rules run in seconds, with the people a work order needs. */
export class WorkCentre {
  readonly process: CentreProcess;
  readonly #clients = new Map<string, ApiClient>();
  readonly #headers = new Map<string, Record<string, string>>();
  readonly #secrets = new Map<string, string>();
  readonly #pumps = new Map<string, { device: DeviceClient; timer: NodeJS.Timeout }>();

  private constructor(process: CentreProcess) {
    this.process = process;
  }

  /** `kinds` and `dueHours` go over what makes a test wait for nothing it does not ask for. */
  static async start(rules: object, people: readonly (readonly [name: string, role: string, venues?: string[]])[]) {
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'fengsui-rules-')), 'rules.json');
    await writeFile(file, JSON.stringify(rules));
    const centre = new WorkCentre(await CentreProcess.start({ env: { FENGSUI_WORK_RULES: file } }));
    try {
      const venues = new Set(['V1', ...people.flatMap(([, , named]) => named ?? [])]);
      // A venue comes with its first device.
      for (const venue of venues) await centre.process.createDevice(`first-${venue}`, 'generic-terminal', venue);
      for (const [name, role, named] of people) await centre.process.createUser(name, role, PASSWORD, named);
      for (const [name] of people) await centre.logIn(name);
      const admin = await centre.process.createToken('systemAdmin');
      centre.#clients.set('admin', new ApiClient(centre.process.webUrl, admin));
    } catch (error) {
      await centre.dispose();
      throw error;
    }
    return centre;
  }

  async logIn(username: string): Promise<void> {
    const url = this.process.webUrl;
    const answer = await new ApiClient(url).post('/api/v1/login', { username, password: PASSWORD });
    if (answer.status !== 200) throw new Error(`log-in of ${username}: ${answer.status} ${answer.text}`);
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const { csrfToken } = answer.body as { csrfToken: string };
    const headers = { cookie, 'x-csrf-token': csrfToken };
    this.#headers.set(username, headers);
    this.#clients.set(username, new ApiClient(url, undefined, headers));
  }

  as(username: string): ApiClient {
    const client = this.#clients.get(username);
    if (client === undefined) throw new Error(`${username} has not logged in`);
    return client;
  }

  /** Bytes as they are, in either direction. */
  raw(username: string, method: string, path: string, body?: Uint8Array, mediaType?: string): Promise<Response> {
    return fetch(`${this.process.webUrl}${path}`, {
      method,
      headers: { ...this.#headers.get(username), ...(mediaType !== undefined && { 'content-type': mediaType }) },
      ...(body !== undefined && { body: new Uint8Array(body) }),
      signal: AbortSignal.timeout(60_000),
    });
  }

  async register(id: string, venueId = 'V1', more: object = {}): Promise<void> {
    const body = { id, model: 'generic-terminal', venueId, reportingIntervalMs: 1_000, ...more };
    const answer = await this.as('admin').post('/api/v1/devices', body);
    if (answer.status !== 201) throw new Error(`device ${id}: ${answer.status} ${answer.text}`);
    this.#secrets.set(id, (answer.body as { secret: string }).secret);
  }

  /** Connects the device; with `pumps` it reports a value four times a second. */
  async device(id: string, { pumps = true } = {}): Promise<DeviceClient> {
    if (!this.#secrets.has(id)) await this.register(id);
    const device = await DeviceClient.connect(this.process.mqttUrl, id, this.#secrets.get(id) ?? '');
    let value = 0;
    const timer = setInterval(() => {
      if (pumps) void device.telemetry({ values: { 'c1.energyKwh': ++value } }).catch(() => undefined);
    }, 250);
    this.#pumps.set(id, { device, timer });
    return device;
  }

  /** Waits for so many further reports of a device that pumps to be applied. */
  async reported(id: string, count: number): Promise<void> {
    type Points = Page<{ readonly id: string; readonly value?: number }>;
    const reports = async (): Promise<number> => {
      const { items } = await this.as('desk').get<Points>(`/api/v1/devices/${id}/points`);
      return items.find((point) => point.id === 'c1.energyKwh')?.value ?? 0;
    };
    const from = await reports();
    await eventually(`${count} reports of ${id}`, async () => (await reports()) >= from + count);
  }

  rest(id: string): void {
    const pump = this.#pumps.get(id);
    clearInterval(pump?.timer);
    pump?.device.mqtt.end(true);
    this.#pumps.delete(id);
  }

  async orders(username: string, query = ''): Promise<readonly Order[]> {
    return (await this.as(username).get<Page<Order>>(`/api/v1/work-orders?limit=1000${query}`)).items;
  }

  order(username: string, id: string): Promise<Order> {
    return this.as(username).get<Order>(`/api/v1/work-orders/${id}`);
  }

  async history(username: string, id: string): Promise<readonly OrderStep[]> {
    return (await this.as(username).get<Page<OrderStep>>(`/api/v1/work-orders/${id}/history`)).items;
  }

  /** The open order of a device. */
  opened(username: string, deviceId: string): Promise<Order> {
    return eventually(`a work order for ${deviceId}`, async () =>
      (await this.orders(username)).find((order) => order.deviceId === deviceId),
    );
  }

  until(username: string, id: string, state: string): Promise<Order> {
    let seen = '';
    return eventually(`work order ${id} to be ${state}`, async () => {
      const order = await this.order(username, id);
      if (order.state !== seen) seen = order.state;
      return order.state === state ? order : undefined;
    });
  }

  /** Does one thing to an order as it is now, and gives the order after it. */
  async act(username: string, id: string, what: string, body: object = {}): Promise<Order> {
    const { revision } = await this.order(username, id);
    const answer = await this.tryAct(username, id, what, { revision, ...body });
    if (answer.status !== 200) throw new Error(`${what}: ${answer.status} ${answer.text}`);
    return answer.body as Order;
  }

  tryAct(username: string, id: string, what: string, body: object, headers?: Record<string, string>): Promise<Answer> {
    return this.as(username).post(`/api/v1/work-orders/${id}/${what}`, body, headers);
  }

  /** The alarm of this kind, once it is there. */
  alarm(
    username: string,
    deviceId: string,
    kind: string,
  ): Promise<{ id: string; state: string; category: string; priority: string }> {
    return eventually(`alarm ${kind} of ${deviceId}`, async () =>
      (await this.as(username).alarmsOf(deviceId)).find((alarm) => alarm.kind === kind),
    );
  }

  async dispose(): Promise<void> {
    for (const id of [...this.#pumps.keys()]) this.rest(id);
    await this.process.dispose();
  }
}
