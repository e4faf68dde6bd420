import { ApiProblem, localProblem, problemOf } from './problem.ts';

const base = '/api/v1';
const answerTimeoutMs = 15_000;
/** A workbook of a city takes seconds to be read and written. */
const fileTimeoutMs = 120_000;

type Query = Readonly<Record<string, string | number | undefined>>;

/** The token of the session, sent back on every write (design.md 5.3); set by whoever learns the session. */
let csrfToken: string | undefined;

export function setCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

/** What a person has to give before an act is done that was refused: who he is, anew; or that he is back at his seat. */
export type PersonNeed = 'confirm' | 'unlock';
const needOf: Readonly<Record<string, PersonNeed>> = { confirmationNeeded: 'confirm', sessionLocked: 'unlock' };

let askPerson: ((need: PersonNeed) => Promise<boolean>) | undefined;

/** @param ask resolves to whether the person gave it; undefined: there is nobody to ask, refusals stay. */
export function setAskPerson(ask: typeof askPerson): void {
  askPerson = ask;
}

/** Does it again, once, when the person at the seat has given what it was refused for. */
async function asked<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  try {
    return await act();
  } catch (error) {
    const need = error instanceof ApiProblem ? needOf[error.code] : undefined;
    if (need === undefined || askPerson === undefined || !(await askPerson(need))) throw error;
    return act();
  }
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
  return send<Answer>(apiPath(path, query), { method: 'GET' }, { signal });
}

/** POST with the CSRF token and an idempotency key, so that a repeated click or a lost answer acts once. */
export function post<Answer>(path: string, body: unknown): Promise<Answer> {
  return write('POST', path, body, { 'idempotency-key': idempotencyKey() });
}

/** POST that nobody clicked: when the seat is locked, it is refused and nobody is asked. */
export function postQuietly<Answer>(path: string): Promise<Answer> {
  return sendBody('POST', path, {}, {});
}

/** PUT with the CSRF token: the same again changes nothing. */
export function put<Answer>(path: string, body: unknown): Promise<Answer> {
  return write('PUT', path, body, {});
}

/** PATCH with the CSRF token: what is not named stays. */
export function patch<Answer>(path: string, body: unknown): Promise<Answer> {
  return write('PATCH', path, body, {});
}

/** DELETE with the CSRF token: what is gone stays gone. */
export function remove(path: string): Promise<void> {
  return asked(() => send(apiPath(path), { method: 'DELETE', headers: csrfHeader() }));
}

function write<Answer>(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  return asked(() => sendBody<Answer>(method, path, body, headers));
}

function sendBody<Answer>(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  return send<Answer>(apiPath(path), {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers, ...csrfHeader() },
  });
}

const csrfHeader = (): Record<string, string> => (csrfToken === undefined ? {} : { 'x-csrf-token': csrfToken });

/**
 * POST of a file as it is. A 422 that is itself the documented answer (a report of what is wrong in the file) is
 * told by `isAnswer` and returned, not thrown.
 */
export function sendFile<Answer>(
  path: string,
  query: Query,
  file: { readonly body: Blob; readonly type: string },
  isAnswer: (body: unknown) => boolean,
): Promise<Answer> {
  return asked(() =>
    send<Answer>(
      apiPath(path, query),
      { method: 'POST', body: file.body, headers: { 'content-type': file.type, ...csrfHeader() } },
      { timeoutMs: fileTimeoutMs, isAnswer },
    ),
  );
}

/** POST that answers with a file; throws {@link ApiProblem} as the others do. */
export function postForFile(path: string, body: unknown): Promise<Blob> {
  return asked(() =>
    fileOf(apiPath(path), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...csrfHeader() },
      body: JSON.stringify(body),
    }),
  );
}

/** GET of a file; throws {@link ApiProblem} as the others do. */
export const fetchFile = (path: string, query?: Query): Promise<Blob> => fileOf(apiPath(path, query), {});

async function fileOf(url: string, init: RequestInit): Promise<Blob> {
  const limit = AbortSignal.timeout(fileTimeoutMs);
  try {
    const response = await fetch(url, { ...init, signal: limit });
    if (!response.ok) throw problemOf(response.status, parse(await response.text()));
    return await response.blob();
  } catch (error) {
    if (error instanceof ApiProblem) throw error;
    throw limit.aborted ? localProblem.timeout(error) : localProblem.unreachable(error);
  }
}

type SendOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  readonly isAnswer?: (body: unknown) => boolean;
};

async function send<Answer>(url: string, init: RequestInit, options: SendOptions = {}): Promise<Answer> {
  const { signal, timeoutMs = answerTimeoutMs, isAnswer } = options;
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
  if (!response.ok && isAnswer?.(body) !== true) throw problemOf(response.status, body);
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
