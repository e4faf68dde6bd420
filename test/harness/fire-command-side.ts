import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came over the line, once for each request. */
export type Received = {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
};

/** `takes` it with a receipt, `fails` with 503, `hangs` without a word, `turns` away with a redirect. */
type Manner = 'takes' | 'fails' | 'hangs' | 'turns';

/** The fire-command side: a real HTTP server that gives each message one receipt, however often it comes. */
export class FireCommandSide {
  readonly received: Received[] = [];
  manner: Manner = 'takes';
  readonly #server: Server;
  readonly #receipts = new Map<string, string>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<FireCommandSide> {
    const server = createServer();
    const side = new FireCommandSide(server);
    server.on('request', (request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (piece: string) => (body += piece));
      request.on('end', () => side.#answer({ headers: request.headers, body, at: Date.now() }, response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return side;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/alerts`;
  }

  /** Messages it took, each once. */
  get taken(): readonly string[] {
    return [...this.#receipts.keys()];
  }

  /** `printf %s "$timestamp.$body" | openssl dgst -sha256 -hmac "$secret"`. */
  static signature(secret: string, { headers, body }: Received): string {
    const timestamp = String(headers['x-fengsui-timestamp']);
    return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
  }

  #answer(received: Received, response: ServerResponse): void {
    this.received.push(received);
    if (this.manner === 'hangs') return;
    if (this.manner === 'fails') return void response.writeHead(503).end('closed for the night');
    if (this.manner === 'turns') return void response.writeHead(307, { location: '/elsewhere' }).end();
    const id = String(received.headers['idempotency-key']);
    const receipt = this.#receipts.get(id) ?? `119-${this.#receipts.size + 1}`;
    this.#receipts.set(id, receipt);
    response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify({ receipt }));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
