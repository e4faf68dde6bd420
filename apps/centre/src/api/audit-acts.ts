import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AuditDraft } from '../audit/audit-row.ts';
import { plainText } from '../audit/plain-text.ts';
import { RefusalBound } from '../audit/refusal-bound.ts';
import { shownRequest } from '../audit/shown-request.ts';
import { WRITES } from './authentication.ts';
import type { ApiContext } from './context.ts';
import { addressOf } from './forwarded.ts';
import { ApiError } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A write is an act, unless it says `none`: of a device or a program, not of a person. A `read` is on record too. */
    audit?: 'none' | 'read';
  }
  interface FastifyRequest {
    /** Its row is there, and wants to know what became of it. */
    isAsked?: true;
    /** The store did not take that row in time: nobody waits for it a second time. */
    isRowWaiting?: true;
    /** Of what the request names by another id: for the row that tells what became of it. */
    auditVenueId?: string | undefined;
  }
}

/** Who does something that can wait does so for longer: a busy store is not one that is down. */
const PATIENCE_MS = 10_000;
/** Who stands before an alarm has his answer within 2 s, also of a store that hangs. */
const GOES_ON_AFTER_MS = 700;

/**
 * Every act has its row before its handler runs, and what became of it before the answer leaves. Acts of nobody known
 * (log-ins, links, claims) have one row, when it is known whose they were. To be called after `guardRoutes`.
 */
export function auditActs(app: FastifyInstance, { audit, situation, clock }: Audited): void {
  if (audit === undefined) return;
  const bound = new RefusalBound();

  app.addHook('preHandler', async (request) => {
    if (!isAct(request)) return;
    const goesOn = mustGoOn(request);
    if (request.routeOptions.config.access === 'anyone') {
      if (audit.trouble !== undefined && !goesOn) throw unavailable();
      return;
    }
    request.isAsked = true;
    const draft = { ...draftOf(request, situation, false), result: 'asked' } as const;
    const isWritten = await audit.append(
      draft,
      goesOn ? { mustGoOn: true, patienceMs: GOES_ON_AFTER_MS } : { patienceMs: PATIENCE_MS },
    );
    if (!isWritten && !goesOn) throw unavailable();
    if (!isWritten) request.isRowWaiting = true;
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const { statusCode: status } = reply;
    const isDone = status < 400;
    const draft = (): AuditDraft => {
      const code = isDone ? undefined : codeIn(payload);
      const result = isDone ? 'done' : status < 500 || code === 'auditUnavailable' ? 'refused' : 'failed';
      return {
        ...draftOf(request, situation, request.isAsked === true),
        result,
        status,
        ...(code !== undefined && { code }),
      };
    };
    // Behind a row that waits in memory, too: nobody may take what was refused for done.
    if (request.isAsked === true) await audit.append(draft(), goingOn(request));
    else if (!isOnRecord(request, status)) return;
    else if (isDone) await audit.append(draft(), { mustGoOn: true });
    else if (bound.admits(addressOf(request), clock.now())) await audit.append(draft());
    else audit.leaveOut();
  });
}

type Audited = Pick<ApiContext, 'audit' | 'situation' | 'clock'>;

const goingOn = ({ isRowWaiting }: FastifyRequest): { readonly mustGoOn: true; readonly patienceMs?: number } => ({
  mustGoOn: true,
  ...(isRowWaiting === true && { patienceMs: 0 }),
});

/** One request does it to many: each of them has the row that a request of its own would have left. */
export async function auditMember(
  { audit, situation }: Pick<ApiContext, 'audit' | 'situation'>,
  request: FastifyRequest,
  { act, id, status }: { readonly act: string; readonly id: string; readonly status: number },
): Promise<void> {
  const venueId = situation.conditionOfAlarm(id)?.place.venueId;
  const draft = { ...draftOf(request, situation, false), act, target: JSON.stringify({ id }), status };
  const result = status < 400 ? 'done' : 'refused';
  await audit?.append({ ...draft, ...(venueId !== undefined && { venueId }), result }, goingOn(request));
}

const unavailable = (): ApiError =>
  new ApiError(503, 'auditUnavailable', 'who does what cannot be put on record right now: nothing was done, try again');

function isAct({ method, routeOptions: { config, url = '' } }: FastifyRequest): boolean {
  if (config.access === undefined || config.audit === 'none' || !url.startsWith('/api/v1/')) return false;
  return config.audit === 'read' || WRITES.has(method);
}

/** Of what was not asked: what nobody known did, and who has not the right to it. */
function isOnRecord(request: FastifyRequest, status: number): boolean {
  const { access, audit } = request.routeOptions.config;
  if (access === 'anyone') return isAct(request);
  return access !== undefined && audit !== 'none' && (status === 401 || status === 403);
}

/** Lives hang on it: what is done about alarms, who is called, and that somebody can come to it. */
function mustGoOn({ routeOptions: { config, url } }: FastifyRequest): boolean {
  const { access = '' } = config;
  return (
    access.startsWith('alarm.') ||
    access.startsWith('incident.') ||
    access === 'contact.read' ||
    url === '/api/v1/login' ||
    url === '/api/v1/logout'
  );
}

type Ids = { readonly id?: string; readonly venueId?: string; readonly deviceId?: string; readonly username?: unknown };

function draftOf(
  request: FastifyRequest,
  situation: ApiContext['situation'],
  isAnswered: boolean,
): Omit<AuditDraft, 'result'> {
  const { caller, id: requestId, method, params, body, query } = request;
  const url = request.routeOptions.url ?? '';
  const { username } = (body ?? {}) as Ids;
  const named = typeof username === 'string' ? plainText(username, 64) : 'stranger';
  const isSome = (value: unknown): boolean => Object.keys(value ?? {}).length > 0;
  const target = isSome(params) ? shownRequest(params) : undefined;
  // Its first row has it.
  const what = isAnswered
    ? undefined
    : WRITES.has(method)
      ? shownRequest(body)
      : isSome(query)
        ? shownRequest(query)
        : undefined;
  const venueId = request.auditVenueId ?? venueOf(url, params ?? {}, body ?? {}, situation);
  return {
    by: caller === undefined ? named : plainText(caller.username),
    ...(caller !== undefined && { role: caller.role }),
    via: caller === undefined ? 'stranger' : caller.csrfToken === undefined ? 'token' : 'session',
    from: addressOf(request),
    act: `${method} ${url}`,
    ...(target !== undefined && { target }),
    ...(venueId !== undefined && { venueId }),
    ...(what !== undefined && { what }),
    requestId,
  };
}

function venueOf(url: string, params: Ids, body: Ids, situation: ApiContext['situation']): string | undefined {
  const deviceId = url.startsWith('/api/v1/devices/:id') ? params.id : body.deviceId;
  const alarmId = url.startsWith('/api/v1/alarms/:id') ? params.id : undefined;
  const venueId = url.startsWith('/api/v1/venues/:id') ? params.id : (params.venueId ?? body.venueId);
  const ofDevice = typeof deviceId === 'string' ? situation.registry.device(deviceId)?.venueId : undefined;
  const ofAlarm = alarmId === undefined ? undefined : situation.conditionOfAlarm(alarmId)?.place.venueId;
  const found = venueId ?? ofDevice ?? ofAlarm;
  return typeof found === 'string' ? plainText(found, 128) : undefined;
}

function codeIn(payload: unknown): string | undefined {
  if (typeof payload !== 'string') return undefined;
  try {
    const { code } = JSON.parse(payload) as { code?: unknown };
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}
