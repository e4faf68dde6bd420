import type {
  CallOutChain,
  CallOutcome,
  FireMessageKind,
  IncidentCause,
  IncidentState,
  IncidentStepKind,
  IncidentVerdict,
  ProcedureStep,
  VerificationMeans,
} from '@fengsui/protocol';
import {
  INCIDENT_ALARMS_KEPT,
  type KeptIncident,
  type KeptIncidentAlarm,
  type KeptIncidentFile,
  type KeptIncidentStep,
  type KeptReport,
} from './kept-incident.ts';

/**
 * What a person does. `revision` is that of the incident he saw; it rises with what people do, not with each alarm that
 * joins, or nobody could act on a fire that spreads.
 */
export type IncidentPersonEvent = { readonly by: string; readonly at: number; readonly revision: number } & (
  | { readonly kind: 'take' }
  /** The owner offers it; he keeps it until `to` takes it. */
  | { readonly kind: 'offer'; readonly to: string; readonly note?: string }
  /** Without the owner's doing: who may is decided at the door. */
  | { readonly kind: 'takeOver'; readonly reason: string }
  | { readonly kind: 'call'; readonly whom: string; readonly outcome: CallOutcome; readonly note?: string }
  | { readonly kind: 'send'; readonly whom: string; readonly note?: string }
  | { readonly kind: 'arrive'; readonly whom: string; readonly note?: string }
  | {
      readonly kind: 'verify';
      readonly verdict: IncidentVerdict;
      readonly means: VerificationMeans;
      /** How many alarms it had when he looked: what came since was not judged. */
      readonly seenCount: number;
      readonly note?: string;
    }
  | { readonly kind: 'tell'; readonly answeredBy: string; readonly note?: string }
  | { readonly kind: 'plan'; readonly note: string }
  /** `happenedAt`: what was written by hand meanwhile, and is typed in late. */
  | { readonly kind: 'note'; readonly note: string; readonly happenedAt?: number }
  | {
      readonly kind: 'close';
      readonly cause: IncidentCause;
      readonly note: string;
      /** Of its alarms, as the queue has them now. */
      readonly unacknowledgedCount: number;
    }
);

/** What the centre finds. */
export type IncidentCentreEvent = { readonly at: number } & (
  | { readonly kind: 'join'; readonly alarm: KeptIncidentAlarm }
  | { readonly kind: 'end'; readonly alarmId: string }
  /** A seat has it on its screen. */
  | { readonly kind: 'display'; readonly by: string }
  /** The time of a step is up. */
  | { readonly kind: 'late'; readonly step: ProcedureStep; readonly limitMs: number }
  /** Whoever sits at a desk adds a recording or a picture: nobody's act is in its way. */
  | { readonly kind: 'addFile'; readonly by: string; readonly file: KeptIncidentFile }
  /** A message to the fire-command side is made, and what becomes of it. */
  | {
      readonly kind: 'report';
      readonly messageId: string;
      readonly messageKind: FireMessageKind;
      readonly heldBack?: 'origin' | 'typedLate';
      readonly mayKnowBefore?: true;
    }
  | FireMessageNews
  /** People were called: one of them is going there, or nobody answered. */
  | {
      readonly kind: 'callOut';
      readonly outcome: 'answered' | 'unanswered';
      readonly chain: CallOutChain;
      readonly callCount: number;
      readonly whom?: string;
    }
  /** Whoever acknowledges an alarm that nobody handles has it. */
  | { readonly kind: 'acknowledge'; readonly by: string }
);

/** What became of a message; of one that another has followed, nothing. */
export type FireMessageNews = { readonly messageId: string } & (
  | { readonly kind: 'reportDelivered'; readonly receipt: string }
  | { readonly kind: 'reportFailed'; readonly failedCount: number; readonly reason: string }
  | { readonly kind: 'reportHeldBack'; readonly heldBack: 'noChannel' }
);

export type IncidentEvent = IncidentPersonEvent | IncidentCentreEvent;

export type IncidentRefusalCode =
  | 'incidentChanged'
  | 'ownedByAnother'
  | 'notOwner'
  | 'notPossible'
  | 'evidenceMissing'
  | 'notReported'
  | 'happensLater'
  | 'alarmsUnacknowledged';
export type IncidentRefusal = { readonly refused: { readonly code: IncidentRefusalCode; readonly detail: string } };
export type IncidentOutcome = { readonly incident: KeptIncident; readonly step?: KeptIncidentStep };

const no = undefined;
type Cell = IncidentState | undefined;

/** Total: a missing cell does not compile. `undefined` = not possible in this state. `verify` goes by its verdict. */
export const incidentLife: Readonly<
  Record<IncidentState, Readonly<Record<Exclude<IncidentEvent['kind'], 'verify'>, Cell>>>
> = {
  // prettier-ignore
  open:      { take: 'owned', offer: no, takeOver: no, call: no, send: no, arrive: no, tell: no, plan: no, note: 'open', close: no, join: 'open', end: 'open', display: 'open', late: 'open', acknowledge: 'owned', addFile: 'open', report: no, reportDelivered: 'open', reportFailed: 'open', reportHeldBack: 'open', callOut: 'open' },
  // prettier-ignore
  owned:     { take: 'owned', offer: 'owned', takeOver: 'owned', call: 'owned', send: 'owned', arrive: 'owned', tell: no, plan: 'owned', note: 'owned', close: no, join: 'owned', end: 'owned', display: 'owned', late: 'owned', acknowledge: 'owned', addFile: 'owned', report: no, reportDelivered: 'owned', reportFailed: 'owned', reportHeldBack: 'owned', callOut: 'owned' },
  // prettier-ignore
  confirmed: { take: 'confirmed', offer: 'confirmed', takeOver: 'confirmed', call: 'confirmed', send: 'confirmed', arrive: 'confirmed', tell: 'confirmed', plan: 'confirmed', note: 'confirmed', close: 'closed', join: 'confirmed', end: 'confirmed', display: 'confirmed', late: 'confirmed', acknowledge: 'confirmed', addFile: 'confirmed', report: 'confirmed', reportDelivered: 'confirmed', reportFailed: 'confirmed', reportHeldBack: 'confirmed', callOut: 'confirmed' },
  // What is told after it was found to be nothing has not been looked at: it is to be verified again.
  // prettier-ignore
  dismissed: { take: 'dismissed', offer: 'dismissed', takeOver: 'dismissed', call: 'dismissed', send: 'dismissed', arrive: 'dismissed', tell: 'dismissed', plan: no, note: 'dismissed', close: 'closed', join: 'owned', end: 'dismissed', display: 'dismissed', late: 'dismissed', acknowledge: 'dismissed', addFile: 'dismissed', report: 'dismissed', reportDelivered: 'dismissed', reportFailed: 'dismissed', reportHeldBack: 'dismissed', callOut: 'dismissed' },
  // Another alarm is another incident.
  // prettier-ignore
  closed:    { take: no, offer: no, takeOver: no, call: no, send: no, arrive: no, tell: no, plan: no, note: no, close: no, join: no, end: no, display: no, late: no, acknowledge: no, addFile: no, report: no, reportDelivered: no, reportFailed: no, reportHeldBack: no, callOut: no },
};

/** Acts of whoever handles it; everybody else reads, and writes notes. */
const OWNERS: ReadonlySet<string> = new Set(['offer', 'call', 'send', 'arrive', 'verify', 'tell', 'plan', 'close']);

/**
 * Tells an incident what happened: the incident after it with the line for its history, or why not. Pure: instants and
 * the caller are arguments. An act that names an older revision is refused, never merged; what changes nothing has no line.
 */
export function nextIncident(incident: KeptIncident, event: IncidentEvent): IncidentOutcome | IncidentRefusal {
  if ('revision' in event) {
    const refused = refusalOf(incident, event);
    if (refused !== undefined) return refused;
  }
  const to = stateAfter(incident.state, event);
  if (to === undefined) return refuse('notPossible', `${event.kind} is not possible in state ${incident.state}`);
  const change = changeOf(incident, event);
  if (change === undefined) return { incident };
  const isReopened = incident.state === 'dismissed' && to === 'owned';
  const isTurned = event.kind === 'verify' && (incident.state === 'confirmed') !== (to === 'confirmed');
  const { verdict, lastWordAt, offeredTo, told, ...rest } = incident;
  const kept: KeptIncident = {
    ...rest,
    // What was said before does not count for what came after it.
    ...(!isReopened && verdict !== undefined && { verdict }),
    ...(!isReopened && lastWordAt !== undefined && { lastWordAt }),
    // Whoever was told before was told something else.
    ...(!isTurned && told !== undefined && { told }),
    ...(change.owner === undefined && offeredTo !== undefined && { offeredTo }),
    ...change,
    state: to,
    revision: incident.revision + ('revision' in event || isReopened || change.owner !== undefined ? 1 : 0),
  };
  return { incident: kept, step: { at: event.at, from: incident.state, to, ...lineOf(event, isReopened) } };
}

/** Whether the fire-command side has been told how it stands now, by whichever way, as far as it has to be. */
export function knowsFireCommand({ state, report, told }: KeptIncident): boolean {
  const isOwed = state === 'confirmed' || (state === 'dismissed' && report?.kind === 'cancel');
  return !isOwed || report?.deliveredAt !== undefined || told !== undefined;
}

function stateAfter(state: IncidentState, event: IncidentEvent): Cell {
  if (event.kind !== 'verify') return incidentLife[state][event.kind];
  if (state === 'open' || state === 'closed') return undefined;
  return event.verdict === 'true' ? 'confirmed' : 'dismissed';
}

function refusalOf(incident: KeptIncident, event: IncidentPersonEvent): IncidentRefusal | undefined {
  const { number, revision, owner, offeredTo, state } = incident;
  if (event.revision !== revision)
    return refuse('incidentChanged', `incident ${number} has revision ${revision}, not ${event.revision}; look again`);
  if (stateAfter(state, event) === undefined) return undefined;
  if (event.kind === 'take' && owner !== undefined && owner !== event.by && offeredTo !== event.by)
    return refuse('ownedByAnother', `${owner} has incident ${number}`);
  if (OWNERS.has(event.kind) && owner !== event.by)
    return refuse('notOwner', `${owner ?? 'nobody'} has incident ${number}: take it first`);
  return problemOf(incident, event);
}

function problemOf(incident: KeptIncident, event: IncidentPersonEvent): IncidentRefusal | undefined {
  switch (event.kind) {
    case 'takeOver':
      return isBlank(event.reason) ? refuse('evidenceMissing', 'reason is missing: taking over needs one') : undefined;
    case 'verify':
      if (event.verdict !== 'true' && event.seenCount < incident.alarmCount)
        return refuse(
          'incidentChanged',
          `incident ${incident.number} has ${incident.alarmCount} alarms, not ${event.seenCount}; look again`,
        );
      if (event.means === 'video' || incident.lastWordAt !== undefined) return undefined;
      return refuse(
        'evidenceMissing',
        'nobody at the venue has answered or arrived: record the call or the arrival first',
      );
    case 'tell':
      if (incident.state === 'dismissed' && incident.report?.kind !== 'cancel')
        return refuse('notPossible', 'the fire-command side knows nothing of it');
      return isBlank(event.answeredBy)
        ? refuse('evidenceMissing', 'answeredBy is missing: who took the call?')
        : undefined;
    case 'note':
      if (event.happenedAt !== undefined && event.happenedAt > event.at)
        return refuse('happensLater', 'happenedAt lies ahead: only what has happened is typed in late');
      return isBlank(event.note) ? refuse('evidenceMissing', 'note is missing') : undefined;
    case 'plan':
      return isBlank(event.note) ? refuse('evidenceMissing', 'note is missing') : undefined;
    case 'close':
      if (event.unacknowledgedCount > 0)
        return refuse('alarmsUnacknowledged', `${event.unacknowledgedCount} alarms of it are not acknowledged`);
      if (!knowsFireCommand(incident))
        return refuse(
          'notReported',
          'the fire-command side has neither confirmed the message nor been told by telephone',
        );
      return isBlank(event.note) ? refuse('evidenceMissing', 'note is missing: what was it?') : undefined;
    default:
      return undefined;
  }
}

/** undefined: it has been so already. */
function changeOf(incident: KeptIncident, event: IncidentEvent): Partial<KeptIncident> | undefined {
  const { at } = event;
  switch (event.kind) {
    case 'take':
      return incident.owner === event.by ? undefined : ownedBy(event.by, at);
    case 'takeOver':
      return incident.owner === event.by ? undefined : ownedBy(event.by, at);
    case 'offer':
      return { offeredTo: event.to };
    case 'call':
      return { callCount: incident.callCount + 1, ...(event.outcome === 'answered' && word(incident, at)) };
    case 'arrive':
      return word(incident, at);
    case 'verify':
      // Said again it holds since it was said first: the time to report it does not begin anew.
      if (incident.state === 'confirmed' && event.verdict === 'true') return {};
      return { verdict: { word: event.verdict, means: event.means, by: event.by, at } };
    case 'tell':
      return { told: { at, by: event.by, answeredBy: event.answeredBy } };
    case 'plan':
      return { plannedAt: incident.plannedAt ?? at };
    case 'send':
    case 'note':
    case 'late':
    case 'callOut':
      return {};
    case 'close':
      return { closedAt: at, closedBy: event.by, cause: event.cause };
    case 'join':
      return joined(incident, event.alarm);
    case 'end':
      return ended(incident, event.alarmId, at);
    case 'display':
      return incident.displayedAt === undefined ? { displayedAt: at } : undefined;
    case 'addFile':
      return { fileCount: (incident.fileCount ?? 0) + 1 };
    case 'report': {
      const { messageId, messageKind, heldBack, mayKnowBefore } = event;
      const more = { ...(heldBack !== undefined && { heldBack }), ...(mayKnowBefore === true && { mayKnowBefore }) };
      return { report: { messageId, kind: messageKind, madeAt: at, ...more, failedCount: 0 } };
    }
    case 'reportDelivered':
      return afterNews(incident, event, { deliveredAt: at, receipt: event.receipt });
    case 'reportFailed':
      return afterNews(incident, event, { failedCount: event.failedCount });
    case 'reportHeldBack':
      return afterNews(incident, event, { heldBack: event.heldBack });
    case 'acknowledge': {
      const isFirst = incident.acknowledgedAt === undefined;
      if (!isFirst && incident.owner !== undefined) return undefined;
      return { ...(isFirst && { acknowledgedAt: at }), ...(incident.owner === undefined && ownedBy(event.by, at)) };
    }
  }
}

function afterNews(
  { report }: KeptIncident,
  { messageId }: FireMessageNews,
  news: Partial<KeptReport>,
): Partial<KeptIncident> | undefined {
  const isOver = report?.deliveredAt !== undefined || report?.heldBack !== undefined;
  if (report?.messageId !== messageId || isOver) return undefined;
  return { report: { ...report, ...news } };
}

const ownedBy = (owner: string, at: number): Partial<KeptIncident> => ({ owner, ownedAt: at });

const word = ({ firstWordAt }: KeptIncident, at: number): Partial<KeptIncident> => ({
  firstWordAt: firstWordAt ?? at,
  lastWordAt: at,
});

/** One that is known and comes again is news only to an incident that was dismissed. */
function joined(
  { state, alarms, alarmCount }: KeptIncident,
  alarm: KeptIncidentAlarm,
): Partial<KeptIncident> | undefined {
  if (alarms.some(({ alarmId }) => alarmId === alarm.alarmId)) return state === 'dismissed' ? {} : undefined;
  return {
    alarms: alarms.length < INCIDENT_ALARMS_KEPT ? [...alarms, alarm] : alarms,
    alarmCount: alarmCount + 1,
  };
}

function ended({ alarms }: KeptIncident, alarmId: string, at: number): Partial<KeptIncident> | undefined {
  const known = alarms.find((alarm) => alarm.alarmId === alarmId);
  if (known === undefined || known.endedAt !== undefined) return undefined;
  return { alarms: alarms.map((alarm) => (alarm === known ? { ...alarm, endedAt: at } : alarm)) };
}

type Line = Pick<KeptIncidentStep, 'kind' | 'by' | 'note' | 'detail'>;

const lineKinds: Readonly<Record<IncidentEvent['kind'], IncidentStepKind>> = {
  take: 'taken',
  offer: 'offered',
  takeOver: 'takenOver',
  call: 'called',
  send: 'sent',
  arrive: 'arrived',
  verify: 'verified',
  tell: 'told',
  plan: 'planned',
  note: 'noted',
  close: 'closed',
  join: 'joined',
  end: 'alarmEnded',
  display: 'displayed',
  late: 'late',
  acknowledge: 'acknowledged',
  addFile: 'fileAdded',
  report: 'reported',
  reportDelivered: 'reportDelivered',
  reportFailed: 'reportFailed',
  reportHeldBack: 'reportHeldBack',
  callOut: 'calledOut',
};

function lineOf(event: IncidentEvent, isReopened: boolean): Line {
  const note = event.kind === 'takeOver' ? event.reason : 'note' in event ? event.note : undefined;
  const detail = detailOf(event);
  return {
    kind: isReopened ? 'reopened' : lineKinds[event.kind],
    ...('by' in event && { by: event.by }),
    ...(note !== undefined && !isBlank(note) && { note }),
    ...(detail !== undefined && { detail }),
  };
}

function detailOf(event: IncidentEvent): Readonly<Record<string, unknown>> | undefined {
  switch (event.kind) {
    case 'offer':
      return { to: event.to };
    case 'call':
      return { whom: event.whom, outcome: event.outcome };
    case 'send':
    case 'arrive':
      return { whom: event.whom };
    case 'verify':
      return { verdict: event.verdict, means: event.means };
    case 'tell':
      return { answeredBy: event.answeredBy };
    case 'note':
      return event.happenedAt === undefined ? undefined : { happenedAt: new Date(event.happenedAt).toISOString() };
    case 'close':
      return { cause: event.cause };
    case 'join':
      return { alarmId: event.alarm.alarmId, deviceId: event.alarm.deviceId, kind: event.alarm.kind };
    case 'end':
      return { alarmId: event.alarmId };
    case 'late':
      return { step: event.step, limitMs: event.limitMs };
    case 'addFile': {
      const { id: fileId, by: _by, at: _at, ...file } = event.file;
      return { fileId, ...file };
    }
    case 'report': {
      const { messageId, messageKind, heldBack } = event;
      return { messageId, messageKind, ...(heldBack !== undefined && { heldBack }) };
    }
    case 'reportDelivered':
      return { messageId: event.messageId, receipt: event.receipt };
    case 'reportFailed':
      return { messageId: event.messageId, failedCount: event.failedCount, reason: event.reason };
    case 'reportHeldBack':
      return { messageId: event.messageId, heldBack: event.heldBack };
    case 'callOut': {
      const { outcome, chain, callCount, whom } = event;
      return { outcome, chain, callCount, ...(whom !== undefined && { whom }) };
    }
    default:
      return undefined;
  }
}

const refuse = (code: IncidentRefusalCode, detail: string): IncidentRefusal => ({ refused: { code, detail } });
const isBlank = (text: string): boolean => text.trim() === '';
