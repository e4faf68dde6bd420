import { ApiRefusal, type ApiClient } from '../api/api-client.ts';
import type { DeviceWish, Registrar } from './registrar.ts';

/** Registers through the API. The token's role needs device.manage, and registry.manage where a venue is missing. */
export class ApiRegistrar implements Registrar {
  readonly #api: ApiClient;
  readonly #organisationId: string;
  #organisation: Promise<unknown> | undefined;

  constructor(api: ApiClient, organisationId: string) {
    this.#api = api;
    this.#organisationId = organisationId;
  }

  async prepareVenue(id: string): Promise<void> {
    const path = `/venues/${encodeURIComponent(id)}`;
    try {
      await this.#api.get(path);
    } catch (error) {
      if (!(error instanceof ApiRefusal && error.status === 404)) throw error;
      const organisationId = this.#organisationId;
      this.#organisation ??= this.#api.put(`/organisations/${encodeURIComponent(organisationId)}`, {
        kind: 'venueOwner',
        name: `模拟设备群 ${organisationId}`,
        nameEn: `Simulated fleet ${organisationId}`,
      });
      await this.#organisation;
      await this.#api.put(path, {
        name: `模拟场所 ${id}`,
        nameEn: `Simulated venue ${id}`,
        class: 'enterprise',
        organisationId,
      });
    }
  }

  async create(device: DeviceWish): Promise<string | undefined> {
    try {
      return (await this.#api.post<{ readonly secret: string }>('/devices', device)).secret;
    } catch (error) {
      if (error instanceof ApiRefusal && error.code === 'deviceExists') return undefined;
      throw error;
    }
  }

  async renew(device: DeviceWish): Promise<string> {
    const path = `/devices/${encodeURIComponent(device.id)}`;
    const there = await this.#api.get<{ readonly model: string; readonly parentId?: string }>(path);
    if (there.model !== device.model || there.parentId !== device.parentId) {
      const { model, parentId } = there;
      const words = `model ${model}${parentId === undefined ? '' : ` behind ${parentId}`}`;
      throw new Error(`device ${device.id} is there as ${words}: take another --prefix, or the same options as before`);
    }
    return (await this.#api.post<{ readonly secret: string }>(`${path}/secret`)).secret;
  }
}
