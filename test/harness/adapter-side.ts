import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signed } from '../../apps/centre/src/platform/signature.ts';

export type AdapterCall = {
  readonly schema?: string;
  readonly kind: 'voice' | 'sms' | 'check';
  readonly callId: string;
  readonly to: string;
  readonly text: string;
  readonly language: string;
  readonly keys: readonly { readonly key: string; readonly words: string }[];
  readonly test: boolean;
  readonly answersUrl?: string;
};

type Taken = { readonly headers: IncomingHttpHeaders; readonly body: string; readonly at: number };

/** `takes` with a receipt, `fails` with 503, `refuses` with 404, `hangs` without a word, `turns` away with a redirect. */
type Manner = 'takes' | 'fails' | 'refuses' | 'hangs' | 'turns';

/** What somebody else runs behind HTTP: an adapter for calls and short messages, or a chat robot. A real server. */
export class AdapterSide {
  readonly received: Taken[] = [];
  manner: Manner = 'takes';
  /** What it answers when it takes something. */
  words = JSON.stringify({ receipt: 'taken' });
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<AdapterSide> {
    const server = createServer();
    const side = new AdapterSide(server);
    server.on('request', (request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (piece: string) => (body += piece));
      request.on('end', () => {
        side.received.push({ headers: request.headers, body, at: Date.now() });
        side.#answer(response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return side;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/calls`;
  }

  /** Calls that would have reached somebody. */
  get calls(): readonly AdapterCall[] {
    return this.received.map(({ body }) => JSON.parse(body) as AdapterCall).filter(({ kind }) => kind !== 'check');
  }

  /** `printf %s "$timestamp.$body" | openssl dgst -sha256 -hmac "$secret"`. */
  static signature(secret: string, { headers, body }: Taken): string {
    const timestamp = String(headers['x-fengsui-timestamp']);
    return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
  }

  /** What became of a call, told to the centre; the status of its answer. */
  static async tell(url: string, secret: string, news: object, at = Date.now()): Promise<number> {
    const body = JSON.stringify(news);
    const timestamp = String(Math.floor(at / 1000));
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-fengsui-timestamp': timestamp,
        'x-fengsui-signature': signed(secret, timestamp, body),
      },
      body,
    });
    await response.arrayBuffer();
    return response.status;
  }

  #answer(response: ServerResponse): void {
    if (this.manner === 'hangs') return;
    if (this.manner === 'fails') return void response.writeHead(503).end('no line');
    if (this.manner === 'refuses') return void response.writeHead(404).end('no such number');
    if (this.manner === 'turns') return void response.writeHead(307, { location: '/elsewhere' }).end();
    response.writeHead(202, { 'content-type': 'application/json' }).end(this.words);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
