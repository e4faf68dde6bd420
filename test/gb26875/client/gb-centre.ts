import { callControlSocket } from '../../../apps/centre/src/control-socket.ts';
import { ApiClient } from '../../contract/client/api-client.ts';
import { freePort } from '../../../tools/servers/free-port.ts';
import { CentreProcess } from '../../harness/centre-process.ts';
import { GbClient } from './gb-client.ts';

/** A centre with its GB/T 26875.3 door on a port that outlives restarts. */
export class GbCentre {
  readonly process: CentreProcess;
  readonly port: number;
  readonly api: ApiClient;
  readonly #clients: GbClient[] = [];

  private constructor(process: CentreProcess, port: number, api: ApiClient) {
    this.process = process;
    this.port = port;
    this.api = api;
  }

  static async start(env: Readonly<Record<string, string>> = {}): Promise<GbCentre> {
    const port = await freePort();
    const process = await CentreProcess.start({ args: ['--gb26875-port', String(port)], env });
    const api = new ApiClient(process.webUrl, await process.createToken('shiftLeader'));
    return new GbCentre(process, port, api);
  }

  async register(
    id: string,
    address: string,
    more: { readonly profile?: string; readonly allow?: readonly string[]; readonly venueId?: string } = {},
  ): Promise<void> {
    const { venueId = 'V1', ...gb } = more;
    const answer = await callControlSocket(this.process.folder, 'createDevice', {
      id,
      model: 'generic-uitd',
      venueId,
      gb: { address, ...gb },
    });
    if (answer === undefined || 'error' in answer) throw new Error(`device ${id}: ${JSON.stringify(answer)}`);
  }

  async client(address: string, localAddress?: string): Promise<GbClient> {
    const client = await GbClient.connect(this.port, address, localAddress);
    this.#clients.push(client);
    return client;
  }

  async dispose(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.process.dispose();
  }
}
