import type { ImportReport } from '@fengsui/protocol';
import { ApiRefusal, type ApiClient } from '../api/api-client.ts';
import type { FleetSheets, Registrar } from './registrar.ts';

/** Registers through the API. The token's role needs registry.manage in all venues: systemAdmin. */
export class ApiRegistrar implements Registrar {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  async hasVenue(id: string): Promise<boolean> {
    try {
      await this.#api.get(`/venues/${encodeURIComponent(id)}`);
      return true;
    } catch (error) {
      if (error instanceof ApiRefusal && error.status === 404) return false;
      throw error;
    }
  }

  async import(sheets: FleetSheets): Promise<ImportReport> {
    try {
      return await this.#api.post<ImportReport>('/imports', sheets);
    } catch (error) {
      // 422 is no problem document: the answer is the report that says what is wrong.
      if (error instanceof ApiRefusal && error.status === 422) return error.answer as ImportReport;
      throw error;
    }
  }

  async renew(deviceId: string): Promise<string> {
    const path = `/devices/${encodeURIComponent(deviceId)}/secret`;
    return (await this.#api.post<{ readonly secret: string }>(path)).secret;
  }
}
