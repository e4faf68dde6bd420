import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A call as the receiver's program reads it, checked as it would check it. */
export type Received = {
  readonly kind: string;
  readonly finding: string;
  readonly id: string;
  readonly reason: string;
  readonly durationS: number;
  readonly functions?: readonly { readonly name: string; readonly state: string }[];
};

/** A real receiver of webhooks on this machine: takes what is signed with the secret, refuses all else. */
export class WebhookReceiver {
  readonly calls: Received[] = [];
  refused = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(secret: string): Promise<WebhookReceiver> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString('utf8')));
      request.on('end', () => {
        const timestamp = String(request.headers['x-fengsui-timestamp']);
        const expected = `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
        const isFresh = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300;
        if (request.headers['x-fengsui-signature'] !== expected || !isFresh) receiver.refused++;
        else receiver.calls.push(JSON.parse(body) as Received);
        response.writeHead(receiver.refused > 0 ? 401 : 204).end();
      });
    });
    const receiver = new WebhookReceiver(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/duty`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A real mail server: SMTP with STARTTLS not offered, no log-in, on the port given. */
export async function startMailServer(port: number, taken: (mail: string) => void): Promise<{ stop(): Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    onData(stream, _session, done) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        taken(Buffer.concat(pieces).toString('utf8'));
        done();
      });
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { stop: () => new Promise((resolve) => server.close(() => resolve())) };
}
