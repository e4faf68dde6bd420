import type { Effects } from '../situation/effects.ts';
import type { ActOutcome } from '../situation/operator-act.ts';
import type { Situation } from '../situation/situation.ts';
import type { Entry } from '../journal/entry.ts';
import { keepWork, type WorkContext } from './keep-work.ts';
import { PHOTOS_PER_ATTEMPT, PHOTOS_PER_ORDER, type KeptPhoto, type KeptWorkOrder } from './kept-work-order.ts';
import { openWork } from './open-work.ts';
import type { WorkAct, WorkActMeta } from './work-act.ts';
import { faultRaised } from './work-faults.ts';
import { nextWork, type PersonEvent } from './work-life.ts';
import { workOrderView } from './work-order-view.ts';

/** Applies what a person did to a work order, and notes the outcome under the act's id. */
export function applyWork(situation: Situation, effects: Effects, meta: WorkActMeta, entry: Entry): void {
  if (effects.acts.some((before) => before.meta.actId === meta.actId)) return;
  const context: WorkContext = { situation, effects, entry, now: meta.at };
  const outcome = outcomeOf(context, meta);
  const origin = outcome.kind === 'worked' ? outcome.order.origin : 'live';
  effects.acts.push({ meta, place: { partition: entry.partition, venueId: meta.venueId, origin }, outcome });
}

type WorkOutcome = Extract<ActOutcome, { readonly kind: 'worked' | 'refused' }>;

function outcomeOf(context: WorkContext, meta: WorkActMeta): WorkOutcome {
  const { act } = meta;
  if (act.kind === 'workOpen') return openByHand(context, meta, act);
  const order = context.situation.work.get(act.orderId);
  if (order === undefined) return refused('orderClosed', `work order ${act.orderId} is closed`);
  if (act.kind === 'workPhoto') return addPhoto(context, meta, act, order);
  const told = nextWork(order, eventOf(context, meta, act));
  if ('refused' in told) return refused(told.refused.code, told.refused.detail);
  return { kind: 'worked', order: workOrderView(keepWork(context, order, told.order, [told.step])) };
}

/** A device that has an open order gets no second one: the fault joins it. */
function openByHand(
  context: WorkContext,
  { by }: WorkActMeta,
  act: Extract<WorkAct, { kind: 'workOpen' }>,
): WorkOutcome {
  const { situation } = context;
  const { deviceId, fault, blindReasons, priority, note } = act;
  const device = situation.registry.device(deviceId);
  if (device === undefined) return refused('notFound', `device ${deviceId} is not registered`);
  const known = situation.work.ofRoot(deviceId, device.parentId);
  if (known === undefined) {
    const opening = {
      device,
      priority,
      by,
      ...(fault && { fault }),
      ...(blindReasons && { blindReasons }),
      ...(note !== undefined && { note }),
    };
    return { kind: 'worked', order: workOrderView(openWork(context, opening)), isNew: true };
  }
  if (fault === undefined) return { kind: 'worked', order: workOrderView(known) };
  const { raisedAt: _raised, clearedAt: _cleared, ...said } = fault;
  if (known.faults.some(({ conditionId }) => conditionId === said.conditionId))
    return { kind: 'worked', order: workOrderView(known) };
  const { order, steps } = faultRaised(known, said, context.now);
  return { kind: 'worked', order: workOrderView(keepWork(context, known, order, steps)) };
}

function addPhoto(
  context: WorkContext,
  { actId, by, at }: WorkActMeta,
  { mediaType, bytes, sha256 }: Extract<WorkAct, { kind: 'workPhoto' }>,
  order: KeptWorkOrder,
): WorkOutcome {
  const body = context.entry.payload;
  if (order.state === 'open') return refused('notPossible', 'an order nobody has takes no photo');
  if (body?.byteLength !== bytes) throw new Error(`photo of ${bytes} bytes has a payload of ${body?.byteLength ?? 0}`);
  const attempt = order.failedAttempts + 1;
  const known = order.photos.find((photo) => photo.sha256 === sha256 && photo.attempt === attempt);
  if (known !== undefined) return { kind: 'worked', order: workOrderView(order) };
  const ofAttempt = order.photos.filter((photo) => photo.attempt === attempt).length;
  if (ofAttempt >= PHOTOS_PER_ATTEMPT || order.photos.length >= PHOTOS_PER_ORDER)
    return refused('tooManyPhotos', `a repair has at most ${PHOTOS_PER_ATTEMPT} photos, an order ${PHOTOS_PER_ORDER}`);
  const photo: KeptPhoto = {
    id: `p${actId.replaceAll('-', '').slice(0, 40)}`,
    mediaType,
    bytes,
    sha256,
    by,
    at,
    attempt,
  };
  context.effects.workPhotos.push({ orderId: order.id, place: order.place, photo, body });
  const changed = { ...order, photos: [...order.photos, photo] };
  const detail = { photoId: photo.id, attempt };
  const step = { at, kind: 'photoAdded', from: order.state, to: order.state, by, detail } as const;
  return { kind: 'worked', order: workOrderView(keepWork(context, order, changed, [step])) };
}

function eventOf(
  { situation }: WorkContext,
  { by, at }: WorkActMeta,
  act: Exclude<WorkAct, { kind: 'workOpen' | 'workPhoto' }>,
): PersonEvent {
  const who = { by, at, revision: act.revision };
  switch (act.kind) {
    case 'workAssign':
      return { ...who, kind: 'assign', assignee: act.assignee, ...(act.note !== undefined && { note: act.note }) };
    case 'workDepart':
      return { ...who, kind: 'depart' };
    case 'workArrive':
      return { ...who, kind: 'arrive' };
    case 'workRepair': {
      const { cause, text, parts } = act;
      return {
        ...who,
        kind: 'repair',
        cause,
        ...(text !== undefined && { text }),
        ...(parts !== undefined && { parts }),
        ...verificationTimes(situation, act.orderId),
      };
    }
    case 'workPostpone':
      return { ...who, kind: 'postpone', dueAt: act.dueAt, reason: act.reason };
    case 'workClose':
      return { ...who, kind: 'close', reason: act.reason };
    case 'workCancel':
      return { ...who, kind: 'cancel', reason: act.reason };
  }
}

/** The longest that any of its faults asks for; a device that reports once a day must have the time to. */
function verificationTimes({ work, registry }: Situation, orderId: string): { freshMs: number; withinMs: number } {
  const order = work.get(orderId);
  const kinds = order === undefined || order.faults.length === 0 ? [''] : order.faults.map(({ kind }) => kind);
  const rules = kinds.map((kind) => work.rules.ofKind(kind));
  const intervalMs = registry.device(order?.deviceId ?? '')?.reportingIntervalMs ?? 0;
  const freshMs = Math.max(intervalMs, ...rules.map((rule) => rule.freshMs));
  const withinMs = Math.max(freshMs + 4 * intervalMs, ...rules.map((rule) => rule.withinMs));
  return { freshMs, withinMs };
}

const refused = (code: string, detail: string): WorkOutcome => ({ kind: 'refused', code, detail });
