import type { FireMessageKind, FireMessageText } from '@fengsui/protocol';
import { nextIncident } from '../incident/incident-life.ts';
import { keepIncident } from '../incident/keep-incident.ts';
import type { KeptIncident, KeptReport } from '../incident/kept-incident.ts';
import type { Effects } from '../situation/effects.ts';
import type { Situation } from '../situation/situation.ts';
import { fireFacts } from './fire-facts.ts';

/**
 * What a person's verdict asks to be told to the fire-command side: that it is true; or that it is not, when they may know
 * of it. Nothing else makes a message: no alarm, no rule, no program.
 */
export function messageOwed(before: KeptIncident, after: KeptIncident): FireMessageKind | undefined {
  if (after.state === 'confirmed') return before.state === 'confirmed' ? undefined : 'alert';
  const isTakenBack = before.state === 'confirmed' && after.state === 'dismissed';
  return isTakenBack && mayHoldForTrue(before) ? 'cancel' : undefined;
}

/** Whether the fire-command side may hold it for true: what was sent may have come there without a word back. */
function mayHoldForTrue({ report, told }: KeptIncident): boolean {
  if (report === undefined) return false;
  if (report.kind === 'cancel') return report.deliveredAt === undefined && told === undefined;
  return told !== undefined || report.heldBack === undefined || report.mayKnowBefore === true;
}

/** `before` and after the verdict. */
type Owed = { readonly kind: FireMessageKind; readonly before: KeptIncident; readonly incident: KeptIncident };

/** Makes the message and puts it on its way; of any origin but `live`, and of what is typed in
 * late, it stays in the house, and is on record. */
export function reportIncident(situation: Situation, effects: Effects, { kind, before, incident }: Owed): KeptIncident {
  const { verdict, place } = incident;
  if (verdict === undefined) throw new Error(`incident ${incident.id} has no verdict to report`);
  const messageId = `${incident.id}-${incident.stepCount + 1}`;
  const heldBack =
    place.origin !== 'live' ? 'origin' : incident.happenedAt !== undefined ? ('typedLate' as const) : undefined;
  const told = nextIncident(incident, {
    ...{ kind: 'report', at: verdict.at, messageId, messageKind: kind },
    ...(heldBack !== undefined && { heldBack }),
    ...(mayHoldForTrue(before) && { mayKnowBefore: true }),
  });
  if ('refused' in told || told.step === undefined) throw new Error(`incident ${incident.id} cannot be reported`);
  const text = textOf(situation, incident, { messageId, kind, verdict, before: before.report });
  effects.fireMessages.set(messageId, { messageId, incidentId: incident.id, place, madeAt: verdict.at, text });
  return keepIncident(situation, effects, told.incident, told.step);
}

type TextParts = {
  readonly messageId: string;
  readonly kind: FireMessageKind;
  readonly verdict: NonNullable<KeptIncident['verdict']>;
  readonly before: KeptReport | undefined;
};

function textOf(
  { registry }: Situation,
  incident: KeptIncident,
  { messageId, kind, verdict, before }: TextParts,
): FireMessageText {
  const { word, means, by, at } = verdict;
  return {
    schema: 'fengsui.fireMessage.1',
    messageId,
    kind,
    sentAt: new Date(at).toISOString(),
    references:
      kind === 'cancel' && before !== undefined
        ? [{ messageId: before.messageId, sentAt: new Date(before.madeAt).toISOString() }]
        : [],
    verified: { verdict: word, means, by, at: new Date(at).toISOString() },
    ...fireFacts(registry, incident),
  };
}
