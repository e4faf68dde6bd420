const TIMEOUT_MS = 60_000;

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly body: unknown;
};

export type AlarmRow = {
  readonly id: string;
  readonly kind: string;
  readonly category: string;
  readonly priority: string;
  readonly level: string;
  readonly state: string;
  readonly deviceId: string;
  readonly pointId: string;
  readonly venueId: string;
  readonly origin: string;
  readonly raisedAt: string;
  readonly receivedAt: string;
  readonly acknowledgedAt?: string;
  readonly acknowledgedBy?: string;
  readonly clearedAt?: string;
  readonly shelvedUntil?: string;
  readonly late?: boolean;
  readonly unmapped?: boolean;
  readonly captureId?: string;
  readonly count: number;
};

/** One step of an alarm's history. */
export type AlarmStep = {
  readonly kind: string;
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly by?: string;
  readonly note?: string;
};

export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor?: string };
export type SeriesRow = readonly [at: number, min: number, max: number, last: number];
export type Series = { readonly items: readonly SeriesRow[]; readonly downsampled: number };
export type Quarantined = {
  readonly receivedAt: string;
  readonly topic: string;
  readonly reason: string;
  readonly payloadBase64: string;
};
export type LateHazard = { readonly point: string; readonly kind: string; readonly at: number; readonly value: number };

export type ProblemBody = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
};

/** An HTTP client written from the contract: a token, paths, JSON. */
export class ApiClient {
  readonly base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(webUrl: string, token?: string, headers: Readonly<Record<string, string>> = {}) {
    this.base = webUrl;
    this.#headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers };
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: { ...this.#headers, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'manual',
    });
    const text = await response.text();
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      parsed = undefined;
    }
    return { status: response.status, headers: response.headers, text, body: parsed };
  }

  /** The body of a 200; anything else fails with what came instead. */
  async get<Body>(path: string): Promise<Body> {
    const { status, text, body } = await this.call('GET', path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${text}`);
    return body as Body;
  }

  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer> {
    return this.call('POST', path, body, headers);
  }

  /** Alarms that have not ended, of one device. */
  async alarmsOf(deviceId: string): Promise<readonly AlarmRow[]> {
    return (await this.get<Page<AlarmRow>>(`/api/v1/alarms?limit=1000&deviceId=${deviceId}`)).items;
  }

  async alarm(id: string): Promise<AlarmRow> {
    return this.get<AlarmRow>(`/api/v1/alarms/${id}`);
  }

  async series(deviceId: string, pointId: string, from: number, to: number, maxPoints = 10_000): Promise<Series> {
    return this.get<Series>(
      `/api/v1/series?point=${encodeURIComponent(`${deviceId}/${pointId}`)}&from=${from}&to=${to}&maxPoints=${maxPoints}`,
    );
  }

  async quarantineOf(deviceId: string): Promise<readonly Quarantined[]> {
    return (await this.get<Page<Quarantined>>(`/api/v1/quarantine?deviceId=${deviceId}&limit=1000`)).items;
  }
}
