import type { FailedVerificationReason, WorkAssignee, WorkOrderState, WorkOrderStepKind } from '@fengsui/protocol';
import type { KeptStep, KeptWorkOrder } from './kept-work-order.ts';

/** What a person does. `revision` is that of the order he saw. */
export type PersonEvent = { readonly by: string; readonly at: number; readonly revision: number } & (
  | { readonly kind: 'assign'; readonly assignee: WorkAssignee; readonly note?: string }
  | { readonly kind: 'depart' }
  | { readonly kind: 'arrive' }
  | {
      readonly kind: 'repair';
      readonly cause: string;
      readonly text?: string;
      readonly parts?: string;
      readonly freshMs: number;
      readonly withinMs: number;
    }
  | { readonly kind: 'postpone'; readonly dueAt: number; readonly reason: string }
  | { readonly kind: 'close'; readonly reason: string }
  | { readonly kind: 'cancel'; readonly reason: string }
);

/** What the centre finds. */
export type CentreEvent = { readonly at: number } & (
  | { readonly kind: 'verify'; readonly detail?: Readonly<Record<string, unknown>> }
  | { readonly kind: 'failVerification'; readonly because: FailedVerificationReason }
  /** Nobody had it yet, and the fault is gone. */
  | { readonly kind: 'withdraw'; readonly reason: string }
);

export type WorkEvent = PersonEvent | CentreEvent;

export type WorkRefusal = {
  readonly refused: { readonly code: 'orderChanged' | 'notPossible' | 'evidenceMissing'; readonly detail: string };
};
export type WorkStep = { readonly order: KeptWorkOrder; readonly step: KeptStep };

const no = undefined;

/** Total: a missing cell does not compile. `undefined` = not possible in this state. */
export const workLife: Readonly<
  Record<WorkOrderState, Readonly<Record<WorkEvent['kind'], WorkOrderState | undefined>>>
> = {
  // prettier-ignore
  open:               { assign: 'assigned', depart: no, arrive: no, repair: no, postpone: 'open', close: no, cancel: 'cancelled', verify: no, failVerification: no, withdraw: 'cancelled' },
  // prettier-ignore
  assigned:           { assign: 'assigned', depart: 'onTheWay', arrive: no, repair: 'repaired', postpone: 'assigned', close: no, cancel: 'cancelled', verify: no, failVerification: no, withdraw: no },
  // prettier-ignore
  onTheWay:           { assign: 'assigned', depart: no, arrive: 'onSite', repair: 'repaired', postpone: 'onTheWay', close: no, cancel: 'cancelled', verify: no, failVerification: no, withdraw: no },
  // prettier-ignore
  onSite:             { assign: 'assigned', depart: no, arrive: no, repair: 'repaired', postpone: 'onSite', close: no, cancel: 'cancelled', verify: no, failVerification: no, withdraw: no },
  // A repair on record is not called off: the device shows it, or a person answers for it.
  // prettier-ignore
  repaired:           { assign: no, depart: no, arrive: no, repair: no, postpone: no, close: 'unverified', cancel: no, verify: 'verified', failVerification: 'failedVerification', withdraw: no },
  // prettier-ignore
  failedVerification: { assign: 'assigned', depart: 'onTheWay', arrive: no, repair: 'repaired', postpone: 'failedVerification', close: 'unverified', cancel: no, verify: no, failVerification: no, withdraw: no },
  // prettier-ignore
  verified:           { assign: no, depart: no, arrive: no, repair: no, postpone: no, close: no, cancel: no, verify: no, failVerification: no, withdraw: no },
  // prettier-ignore
  unverified:         { assign: no, depart: no, arrive: no, repair: no, postpone: no, close: no, cancel: no, verify: no, failVerification: no, withdraw: no },
  // prettier-ignore
  cancelled:          { assign: no, depart: no, arrive: no, repair: no, postpone: no, close: no, cancel: no, verify: no, failVerification: no, withdraw: no },
};

/**
 * Tells an order what happened: the order after it with the line for its history, or why not. Pure: instants, the caller
 * and the times of the rules are arguments. An act that names an older revision is refused, never merged.
 */
export function nextWork(order: KeptWorkOrder, event: WorkEvent): WorkStep | WorkRefusal {
  if ('revision' in event && event.revision !== order.revision) {
    return refuse(
      'orderChanged',
      `order ${order.number} has revision ${order.revision}, not ${event.revision}; look again`,
    );
  }
  const to = workLife[order.state][event.kind];
  if (to === undefined) return refuse('notPossible', `${event.kind} is not possible in state ${order.state}`);
  const problem = problemOf(order, event);
  if (problem !== undefined) return refuse('evidenceMissing', problem);
  const changed = { ...order, state: to, revision: order.revision + 1, ...whatOf(order, event) };
  const left = leavesVerification(to) ? withoutVerification(changed) : changed;
  return { order: left, step: { at: event.at, from: order.state, to, ...lineOf(order, event) } };
}

const leavesVerification = (to: WorkOrderState): boolean => to !== 'repaired';

function withoutVerification({ verification: _over, ...order }: KeptWorkOrder): KeptWorkOrder {
  return order;
}

function problemOf(order: KeptWorkOrder, event: WorkEvent): string | undefined {
  switch (event.kind) {
    case 'repair': {
      const attempt = order.failedAttempts + 1;
      const hasPhoto = order.photos.some((photo) => photo.attempt === attempt);
      return isBlank(event.text ?? '') && !hasPhoto ? 'a repair needs a photo or words: what was done' : undefined;
    }
    case 'postpone':
      if (isBlank(event.reason)) return 'reason is missing: postponing needs one';
      return event.dueAt > event.at ? undefined : 'dueAt is in the past';
    case 'close':
    case 'cancel':
      return isBlank(event.reason) ? `reason is missing: ${event.kind} needs one` : undefined;
    default:
      return undefined;
  }
}

function whatOf(order: KeptWorkOrder, event: WorkEvent): Partial<KeptWorkOrder> {
  switch (event.kind) {
    case 'assign':
      return { assignee: event.assignee, assignedAt: event.at };
    case 'depart':
      return { departedAt: event.at, workedBy: event.by };
    case 'arrive':
      return { arrivedAt: event.at };
    case 'repair': {
      const { at, by, cause, text, parts, freshMs, withinMs } = event;
      return {
        workedBy: by,
        repair: {
          at,
          by,
          cause,
          attempt: order.failedAttempts + 1,
          ...(text !== undefined && !isBlank(text) && { text }),
          ...(parts !== undefined && !isBlank(parts) && { parts }),
        },
        verification: { freshMs, untilAt: at + withinMs },
      };
    }
    case 'postpone':
      return { dueAt: event.dueAt, escalation: 0 };
    case 'close':
    case 'cancel':
      return { closedAt: event.at, closedBy: event.by, reason: event.reason };
    case 'withdraw':
      return { closedAt: event.at, reason: event.reason };
    case 'verify':
      return { closedAt: event.at };
    case 'failVerification':
      return { failedAttempts: order.failedAttempts + 1, failedBecause: event.because };
  }
}

type Line = {
  readonly kind: WorkOrderStepKind;
  readonly by?: string;
  readonly note?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
};

function lineOf(order: KeptWorkOrder, event: WorkEvent): Line {
  const by = 'by' in event ? { by: event.by } : {};
  switch (event.kind) {
    case 'assign':
      return {
        kind: 'assigned',
        ...by,
        detail: { assignee: event.assignee },
        ...(event.note !== undefined && { note: event.note }),
      };
    case 'depart':
      return { kind: 'departed', ...by };
    case 'arrive':
      return { kind: 'arrived', ...by };
    case 'repair': {
      const { cause, text, parts } = event;
      const detail = { cause, attempt: order.failedAttempts + 1, ...(parts !== undefined && { parts }) };
      return { kind: 'repaired', ...by, detail, ...(text !== undefined && !isBlank(text) && { note: text }) };
    }
    case 'postpone':
      return { kind: 'postponed', ...by, note: event.reason, detail: { before: order.dueAt, dueAt: event.dueAt } };
    case 'close':
      return { kind: 'closedUnverified', ...by, note: event.reason };
    case 'cancel':
    case 'withdraw':
      return { kind: 'cancelled', ...by, note: event.reason };
    case 'verify':
      return { kind: 'verified', ...(event.detail !== undefined && { detail: event.detail }) };
    case 'failVerification':
      return { kind: 'verificationFailed', detail: { because: event.because } };
  }
}

const refuse = (code: WorkRefusal['refused']['code'], detail: string): WorkRefusal => ({ refused: { code, detail } });
const isBlank = (text: string): boolean => text.trim() === '';
