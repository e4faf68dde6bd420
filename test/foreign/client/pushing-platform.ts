import { createHmac } from 'node:crypto';

export type PushOutcome = {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  readonly retryAfter: string | null;
};

type Overrides = { readonly timestamp?: string; readonly signature?: string; readonly secret?: string };

/** A platform that pushes, written from docs/reference/mapping.md alone. */
export class PushingPlatform {
  readonly #url: string;
  readonly #secret: string;

  constructor(webUrl: string, source: string, secret: string) {
    this.#url = `${webUrl}/api/v1/ingest/${source}`;
    this.#secret = secret;
  }

  async push(message: unknown, overrides: Overrides = {}): Promise<PushOutcome> {
    const body = Buffer.isBuffer(message) ? message : Buffer.from(JSON.stringify(message));
    const { timestamp = String(Math.floor(Date.now() / 1000)), secret = this.#secret } = overrides;
    const signature = createHmac('sha256', secret)
      .update(Buffer.concat([Buffer.from(`${timestamp}.`), body]))
      .digest('hex');
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-fengsui-timestamp': timestamp,
        'x-fengsui-signature': overrides.signature ?? `sha256=${signature}`,
      },
      body,
      signal: AbortSignal.timeout(20_000),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    return {
      status: response.status,
      code: answer['code'] as string | undefined,
      body: answer,
      retryAfter: response.headers.get('retry-after'),
    };
  }
}
