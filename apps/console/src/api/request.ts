import { localProblem, problemOf } from './problem.ts';

const base = '/api/v1';
const timeoutMs = 15_000;

type Query = Readonly<Record<string, string | number | undefined>>;

/** The token of the session, sent back on every write (design.md 5.3); set by whoever learns the session. */
let csrfToken: string | undefined;

export function setCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

/** `/alarms` + `{ venueId: 'v1', cursor: undefined }` → `/api/v1/alarms?venueId=v1`. */
export function apiPath(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  const text = search.toString();
  return `${base}${path}${text === '' ? '' : `?${text}`}`;
}

/** GET as JSON; throws {@link ApiProblem}. The caller names the type the API documents for the path. */
export function get<Answer>(path: string, query?: Query, signal?: AbortSignal): Promise<Answer> {
  return send<Answer>(apiPath(path, query), { method: 'GET' }, signal);
}

/** POST with the CSRF token and an idempotency key, so that a repeated click or a lost answer acts once. */
export function post<Answer>(path: string, body: unknown): Promise<Answer> {
  return send<Answer>(apiPath(path), {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey(),
      ...(csrfToken === undefined ? {} : { 'x-csrf-token': csrfToken }),
    },
  });
}

async function send<Answer>(url: string, init: RequestInit, signal?: AbortSignal): Promise<Answer> {
  const limit = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { ...init, signal: signal ? AbortSignal.any([signal, limit]) : limit });
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw limit.aborted ? localProblem.timeout(error) : localProblem.unreachable(error);
  }
  const body = text === '' ? undefined : parse(text);
  if (!response.ok) throw problemOf(response.status, body);
  if (text !== '' && body === undefined) throw localProblem.unreadable(response.status);
  return body as Answer;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `crypto.randomUUID` exists on HTTPS and loopback only; random values exist everywhere. */
function idempotencyKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
