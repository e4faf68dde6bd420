import { createServer, type Server } from 'node:http';
import Provider from 'oidc-provider';
import { freePort } from '../../tools/servers/free-port.ts';

export const CLIENT = { id: 'centre-of-a-test', secret: 'a-secret-of-the-test-alone-0123456789' } as const;

/** A real OpenID Connect provider on loopback. Who comes is logged in as `user` at once, as if it had been asked. */
export class OpenIdProvider {
  readonly port: number;
  /** Who sits at the browser, and how he proved it (RFC 8176). */
  user = 'subject-1';
  amr: readonly string[] = ['pwd'];
  #server: Server | undefined;
  readonly #redirectUrls: string[];

  private constructor(port: number, redirectUrls: string[]) {
    this.port = port;
    this.#redirectUrls = redirectUrls;
  }

  /** @param redirectUrls what the client may be sent back to. */
  static async start(redirectUrls: string[]): Promise<OpenIdProvider> {
    const provider = new OpenIdProvider(await freePort(), redirectUrls);
    await provider.up();
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Begins anew: of what was before nothing is known. */
  async up(): Promise<void> {
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: this.#redirectUrls,
          grant_types: ['authorization_code'],
          response_types: ['code'],
        },
      ],
      pkce: { required: () => true },
      claims: { openid: ['sub', 'amr'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, { uid }) => `/asked/${uid}` },
      findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId, amr: [...this.amr] }) }),
    });
    const callback = provider.callback();
    this.#server = createServer((request, response) => {
      if (request.url?.startsWith('/asked/') !== true) return void callback(request, response);
      const finish = async (): Promise<void> => {
        const { params } = await provider.interactionDetails(request, response);
        const grant = new provider.Grant({ accountId: this.user, clientId: params['client_id'] as string });
        grant.addOIDCScope('openid');
        const consent = { grantId: await grant.save() };
        const login = { accountId: this.user, amr: [...this.amr], remember: false };
        await provider.interactionFinished(request, response, { login, consent });
      };
      finish().catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
    await new Promise<void>((resolve) => this.#server?.listen(this.port, '127.0.0.1', resolve));
  }

  async down(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  }
}

/** What a browser does: follows the provider to the address of our page, which is where it ends. */
export async function walk(url: string, redirectUrl: string): Promise<URL> {
  const jar = new Map<string, string>();
  for (let at = url, step = 0; step < 12; step++) {
    if (at.startsWith(redirectUrl)) return new URL(at);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(at, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const is = pair.indexOf('=');
      jar.set(pair.slice(0, is), pair.slice(is + 1));
    }
    const next = response.headers.get('location');
    if (next === null) throw new Error(`${at}: ${response.status} ${(await response.text()).slice(0, 500)}`);
    at = new URL(next, at).href;
  }
  throw new Error('the provider sends the browser round and round');
}

/** What our page sends on of the address that the provider sent the browser to. */
export function returned(at: URL): { readonly state: string; readonly parameters: Readonly<Record<string, string>> } {
  const { state = '', ...parameters } = Object.fromEntries(at.searchParams);
  return { state, parameters };
}
