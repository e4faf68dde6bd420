import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PushTarget } from '../../apps/centre/src/call-out/channels/channel.ts';

export type Pushed = {
  readonly headers: IncomingMessage['headers'];
  /** As the browser of the person reads it. */
  readonly payload: { readonly title: string; readonly body: string; readonly link?: string; readonly callId: string };
  /** What the sender says of itself, its signature checked. */
  readonly claims: { readonly aud: string; readonly exp: number; readonly sub: string };
};

/** A push service and one browser that has subscribed to it, on loopback: opens what it gets as that browser would. */
export class PushSide {
  readonly pushed: Pushed[] = [];
  manner: 'takes' | 'gone' | 'fails' = 'takes';
  readonly #server: Server;
  readonly #browser = createECDH('prime256v1');
  readonly #auth = randomBytes(16);

  private constructor(server: Server) {
    this.#server = server;
    this.#browser.generateKeys();
  }

  static async open(): Promise<PushSide> {
    const server = createServer();
    const side = new PushSide(server);
    server.on('request', (request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        if (side.manner !== 'takes') return void response.writeHead(side.manner === 'gone' ? 410 : 503).end();
        side.pushed.push(side.#opened(request, Buffer.concat(pieces)));
        response.writeHead(201).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return side;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** As its browser gives it to the page. */
  get target(): PushTarget {
    const keys = { p256dh: this.#browser.getPublicKey('base64url'), auth: this.#auth.toString('base64url') };
    return { endpoint: `${this.origin}/push/browser-1`, keys };
  }

  #opened({ headers }: IncomingMessage, body: Buffer): Pushed {
    const payload = JSON.parse(this.#decrypted(body).toString('utf8')) as Pushed['payload'];
    return { headers, payload, claims: claimsIn(String(headers['authorization'])) };
  }

  /** RFC 8188, 2 and RFC 8291, 3.4: one record, its keys from the two keys and the secret of this subscription. */
  #decrypted(body: Buffer): Buffer {
    const [salt, sender, sealed] = [body.subarray(0, 16), body.subarray(21, 86), body.subarray(86)];
    const derive = (key: Buffer, saltOf: Buffer, info: Buffer, bytes: number): Buffer =>
      Buffer.from(hkdfSync('sha256', key, saltOf, info, bytes));
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.#browser.getPublicKey(), sender]);
    const shared = derive(this.#browser.computeSecret(sender), this.#auth, info, 32);
    const key = derive(shared, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
    const nonce = derive(shared, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
    const opened = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-16));
    const padded = Buffer.concat([opened.update(sealed.subarray(0, -16)), opened.final()]);
    return padded.subarray(0, padded.lastIndexOf(2));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** RFC 8292: `vapid t=<JWT signed with ES256>, k=<public key>`. @throws Error when the signature is wrong */
function claimsIn(authorization: string): Pushed['claims'] {
  const [, token = '', key = ''] = /^vapid t=([^,]+), ?k=(.+)$/.exec(authorization) ?? [];
  const [head = '', claims = '', signature = ''] = token.split('.');
  const point = Buffer.from(key, 'base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) throw new Error(`not signed: ${authorization}`);
  return JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Pushed['claims'];
}
