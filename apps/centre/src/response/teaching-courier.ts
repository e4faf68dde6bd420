import type { LoadJudgement } from '@fengsui/protocol';
import { isFinalTeaching, undeliveredJudgements } from '../record/teaching.ts';
import { ErrandCourier, type CourierParts } from './errand-courier.ts';

/** Carries what people said of a terminal's loads to the terminal. */
export function teachingCourier(parts: CourierParts): ErrandCourier<LoadJudgement> {
  return new ErrandCourier<LoadJudgement>(parts, {
    command: 'teach',
    undelivered: () => undeliveredJudgements(parts.store, parts.clock.now()),
    newsOf: ({ acts }) => acts.flatMap(({ outcome }) => (outcome.kind === 'judged' ? [outcome.judgement] : [])),
    idOf: ({ args }) => (args as { readonly judgementId?: string }).judgementId,
    isFinal: isFinalTeaching,
    orderOf: async ({ id, loadEventId, verdict, name, by, at }) => ({
      args: { judgementId: id, loadEventId, verdict, ...(name !== undefined && { name }), by, at: Date.parse(at) },
      reason: `judgement of load ${loadEventId}`,
      by,
    }),
  });
}
