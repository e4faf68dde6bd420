const TIMEOUT_MS = 30_000;

/** A refusal of the centre, RFC 9457; an import answers with its report instead. */
export class ApiRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly answer: unknown;

  constructor(what: string, status: number, answer: unknown) {
    const { code, detail } = answer as { readonly code?: unknown; readonly detail?: unknown };
    const words = typeof code === 'string' ? code : '';
    super(`${what}: ${status} ${words}${typeof detail === 'string' ? `: ${detail}` : ''}`);
    this.status = status;
    this.code = words;
    this.answer = answer;
  }
}

/** The centre's HTTP API with a token. `T` is what the caller expects by the API's description. */
export class ApiClient {
  readonly #base: URL;
  readonly #token: string;

  constructor(base: URL, token: string) {
    this.#base = base;
    this.#token = token;
  }

  get<T>(path: string): Promise<T> {
    return this.#call<T>('GET', path);
  }

  post<T>(path: string, body?: unknown): Promise<T> {
    return this.#call<T>('POST', path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#call<T>('PUT', path, body);
  }

  /** All items of a list, page by page. `isEnough` ends it early. */
  async *list<T>(path: string): AsyncGenerator<T> {
    let cursor: string | undefined;
    do {
      const more = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await this.get<{ readonly items: readonly T[]; readonly nextCursor?: string }>(`${path}${more}`);
      yield* page.items;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const what = `${method} ${path.split('?', 1)[0]}`;
    let response: Response;
    try {
      response = await fetch(new URL(`/api/v1${path}`, this.#base), {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      const { message, cause } = error as Error & { readonly cause?: unknown };
      throw new Error(`${what}: ${cause instanceof Error ? cause.message : message}`, { cause: error });
    }
    const answer: unknown = await response.json().catch(() => ({}));
    if (response.ok) return answer as T;
    throw new ApiRefusal(what, response.status, answer);
  }
}
