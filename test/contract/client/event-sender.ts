import type { AlarmRow, Page } from './api-client.ts';
import type { ContractCentre } from './contract-centre.ts';
import type { DeviceClient } from './device-client.ts';
import { eventually } from './eventually.ts';

/** Sends a device's events and temperatures with rising seq. */
export class EventSender {
  readonly device: DeviceClient;
  readonly #contract: ContractCentre;
  #seq = 0;

  private constructor(contract: ContractCentre, device: DeviceClient) {
    this.#contract = contract;
    this.device = device;
  }

  static async of(contract: ContractCentre, id: string): Promise<EventSender> {
    return new EventSender(contract, await contract.device(id));
  }

  async event(kind: string, fields: object = {}): Promise<void> {
    const basis = { epoch: 'a', seq: ++this.#seq, at: Date.now(), kind, point: 'c1', active: true, level: 'warning' };
    await this.device.event({ ...basis, ...fields });
  }

  /** `t1.temperatureC`, one row per value. */
  async rows(at0: number, periodMs: number, values: readonly number[]): Promise<void> {
    const rows = values.map((value) => [value]);
    await this.device.telemetry({ epoch: 'a', seq: ++this.#seq, at0, periodMs, points: ['t1.temperatureC'], rows });
  }

  async value(temperatureC: number, at = Date.now()): Promise<void> {
    await this.device.telemetry({ epoch: 'a', seq: ++this.#seq, at, values: { 't1.temperatureC': temperatureC } });
  }

  /** Whatever was sent before has been applied. */
  async settle(): Promise<void> {
    const marker = this.#seq + 0.5;
    await this.device.telemetry({ epoch: 'a', seq: ++this.#seq, values: { 'c8.energyKwh': marker } });
    await eventually('the marker', async () => {
      const { items } = await this.#contract.api.get<Page<{ id: string; value?: number }>>(
        `/api/v1/devices/${this.device.deviceId}/points`,
      );
      return items.find(({ id }) => id === 'c8.energyKwh')?.value === marker;
    });
  }
}

/** A raised alarm of a device of its own. */
export async function raise(
  contract: ContractCentre,
  id: string,
  kind = 'overload',
  fields: object = {},
): Promise<{ readonly sender: EventSender; readonly alarm: AlarmRow }> {
  const sender = await EventSender.of(contract, id);
  await sender.event(kind, fields);
  return { sender, alarm: await contract.raised(id, kind) };
}

export const repeated = (value: number, count: number): number[] => Array.from({ length: count }, () => value);
