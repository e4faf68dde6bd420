import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallOut } from '@fengsui/protocol';
import { callOutView } from '../call-out/call-out-view.ts';
import type { KeptCallOut } from '../call-out/kept-call-out.ts';
import { findCallOut } from '../call-out/read-call-outs.ts';
import type { TimerFiredMeta, TimerPurpose } from '../situation/timer.ts';
import type { ApiContext } from './context.ts';
import { ApiError, notFound } from './problem.ts';

const APPLIED_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 50;

export type TestOrder = { readonly venueId: string; readonly contactId: string; readonly by: string };

/** Durable, then as it stands once it is applied. One person is tested once at a time. */
export async function testCall(context: ApiContext, { venueId, contactId, by }: TestOrder): Promise<CallOut> {
  const { situation } = context;
  const { registry, callOuts } = situation;
  if (registry.contact(contactId)?.venueId !== venueId) throw notFound(`contact ${contactId}`);
  const isTested = [...callOuts.open()].some(
    ({ cause, state, people }) => cause.kind === 'test' && state === 'calling' && people[0]?.contactId === contactId,
  );
  if (isTested) throw new ApiError(409, 'callOutRunning', `contact ${contactId} is being called for a test already`);
  const callOutId = `t-${randomUUID()}`;
  await appendCallOut(context, registry.partitionOf(venueId), {
    kind: 'callOutTest',
    callOutId,
    contactId,
    venueId,
    by,
  });
  const begun = await callOutOnce(context, callOutId, () => true);
  if (begun === undefined)
    throw new ApiError(503, 'notAppliedYet', 'the test is on record, and begins as soon as the store is back');
  return callOutView(begun, true);
}

/** Durable, for whoever applies what is of that venue. */
export async function appendCallOut(
  { journal, clock }: ApiContext,
  partition: number,
  purpose: TimerPurpose,
): Promise<void> {
  const firedAt = clock.now();
  const meta: TimerFiredMeta = { timerId: purpose.kind, firedAt, purpose };
  await journal.append('alarm', [{ kind: 'timerFired', partition, appendedAt: firedAt, meta }]);
}

/** As it stands in the store once that is so; undefined when it is not within a few seconds. */
export async function callOutOnce(
  { store }: ApiContext,
  id: string,
  isSo: (callOut: KeptCallOut) => boolean,
): Promise<KeptCallOut | undefined> {
  const until = performance.now() + APPLIED_WITHIN_MS;
  while (performance.now() < until) {
    const found = await findCallOut({ venues: 'all' }, store, id);
    if (found !== undefined && isSo(found)) return found;
    await pause(LOOK_EVERY_MS);
  }
  return undefined;
}
