import type { Alarm, DeviceEventRecord } from '@fengsui/protocol';

/**
 * Where a circuit stands after its terminal acted. `dead`: opened and read back open. `failed`: ordered, still closed.
 * `unread`: ordered, nobody knows. `reclosed`: was open, is closed, nobody inspected. `refused`: the terminal did not act.
 * `untold`: the device says nothing we understand.
 */
export type LocalActStanding = 'dead' | 'failed' | 'unread' | 'reclosed' | 'refused' | 'untold';

export type LocalActCourse = {
  readonly standing: LocalActStanding;
  /** The hazard it was for; `at` when the terminal told it. */
  readonly cause?: { readonly kind: string; readonly point: string; readonly at?: number };
  /** Epoch ms of the order, or of the refusal. */
  readonly actedAt?: number;
  /** Words of the breaker. */
  readonly failure?: string;
  readonly policyId?: string;
  /** Codes of what spoke against it. */
  readonly missing: readonly string[];
  /** When a restarted terminal told it anew. */
  readonly toldAgainAt?: number;
};

/** An event of kind `localAction` as our terminals send it (wire.md), each field checked. */
type LocalActEvent = {
  readonly act: 'opened' | 'stillOpen' | 'refused';
  readonly at: number;
  readonly breaker: string | undefined;
  readonly cause: LocalActCourse['cause'];
  readonly failure: string | undefined;
  readonly openedAt: number | undefined;
  readonly policyId: string | undefined;
  readonly missing: readonly string[];
};

/**
 * What happened on the circuit of an alarm, out of the device's `localAction` events (any order, any content). An open
 * alarm shows the newest act since it was raised, one that has ended the act it was raised for.
 */
export function localActOf(alarm: Alarm, events: readonly DeviceEventRecord[]): LocalActCourse {
  const acts = events
    .filter(
      ({ point, receivedAt }) => point === alarm.pointId && Date.parse(receivedAt) >= Date.parse(alarm.receivedAt),
    )
    .toSorted((a, b) => Date.parse(a.receivedAt) - Date.parse(b.receivedAt))
    .flatMap((event) => readAct(event) ?? []);
  const orders = acts.filter(({ act }) => act !== 'refused');
  const leading = alarm.state === 'normal' ? (orders[0] ?? acts[0]) : acts.at(-1);
  if (leading === undefined) return { standing: 'untold', missing: [] };
  const same = orders.filter(({ openedAt }) => openedAt === leading.openedAt);
  const newest = same.at(-1) ?? leading;
  const opened = same.find(({ act }) => act === 'opened');
  const cause = opened?.cause ?? leading.cause;
  const actedAt = leading.openedAt ?? leading.at;
  const { failure } = opened ?? {};
  const { policyId, missing } = leading;
  return {
    standing: standingOf(newest, opened),
    ...(cause !== undefined && { cause }),
    actedAt,
    ...(failure !== undefined && { failure }),
    ...(policyId !== undefined && { policyId }),
    missing,
    ...(newest.act === 'stillOpen' && { toldAgainAt: newest.at }),
  };
}

function standingOf(newest: LocalActEvent, opened: LocalActEvent | undefined): LocalActStanding {
  if (newest.act === 'refused') return 'refused';
  switch (newest.breaker) {
    case 'open':
      return 'dead';
    case 'closed':
      return newest.act === 'stillOpen' && opened?.breaker === 'open' ? 'reclosed' : 'failed';
    default:
      return 'unread';
  }
}

function readAct({ evidence, at }: DeviceEventRecord): LocalActEvent | undefined {
  if (!isRecord(evidence)) return undefined;
  const { act, breaker, failure, because, latch, missing } = evidence;
  if (act !== 'opened' && act !== 'stillOpen' && act !== 'refused') return undefined;
  const kept = isRecord(latch) ? latch : {};
  return {
    act,
    at: Date.parse(at),
    breaker: textOf(breaker),
    cause: causeOf(because) ?? causeOfLatch(kept['cause']),
    failure: textOf(failure),
    openedAt: instantOf(kept['openedAt']),
    policyId: textOf(kept['policyId']),
    missing: Array.isArray(missing) ? missing.filter((code) => typeof code === 'string').slice(0, MOST_REASONS) : [],
  };
}

const MOST_REASONS = 24;

function causeOf(because: unknown): LocalActCourse['cause'] {
  if (!isRecord(because)) return undefined;
  const [kind, point, at] = [textOf(because['kind']), textOf(because['point']), instantOf(because['at'])];
  return kind === undefined || point === undefined ? undefined : { kind, point, ...(at !== undefined && { at }) };
}

/** After a restart the terminal has the words of its latch alone: `arc on c1`. */
function causeOfLatch(cause: unknown): LocalActCourse['cause'] {
  const [, kind, point] = /^(\S{1,64}) on (\S{1,64})$/.exec(textOf(cause) ?? '') ?? [];
  return kind === undefined || point === undefined ? undefined : { kind, point };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, MOST_CHARACTERS) : undefined;
}

const MOST_CHARACTERS = 300;

/** Within what a Date can hold. */
function instantOf(value: unknown): number | undefined {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15 ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
