import { localActionKind } from './classification.ts';
import { type Condition, type Refusal, type Step } from './condition.ts';
import type { OperatorAct } from './condition-event.ts';
import { lifeCycle, type RefusalCode } from './life-cycle.ts';
import { endIfNormal, move, silently, unacknowledged, unshelved } from './progress.ts';

/** Longest shelving: longer absences are out of service, with a work order. design.md 5.3. */
export const longestShelvingMs = 24 * 60 * 60 * 1000;

type Act<Kind extends OperatorAct['kind']> = Extract<OperatorAct, { readonly kind: Kind }>;

const changeKinds = {
  suppress: 'suppressed',
  unsuppress: 'unsuppressed',
  removeFromService: 'removedFromService',
  returnToService: 'returnedToService',
} as const;

/** A person acts on a condition. Asking again for what is already so changes nothing and is no error. */
export function operatorAct(condition: Condition, act: OperatorAct): Step | Refusal {
  const { alarm } = condition;
  if (act.alarmId !== undefined && act.alarmId !== alarm?.id) {
    return refuse(
      alarm ? 'otherAlarm' : 'noAlarm',
      `alarm ${act.alarmId} is over; ${alarm ? `${alarm.id} is alive` : 'none is alive'}`,
    );
  }
  const outcome = lifeCycle[condition.state][act.kind];
  if (typeof outcome === 'object')
    return refuse(outcome.refused, `${act.kind} is not possible in state ${condition.state}`);
  if (outcome === 'unchanged') return silently(condition);
  switch (act.kind) {
    case 'acknowledge':
      return acknowledge(condition, act);
    case 'shelve':
      return shelve(condition, act);
    case 'unshelve':
      return unshelve(condition, act);
    case 'suppress':
    case 'removeFromService':
      return hide(condition, act);
    case 'unsuppress':
    case 'returnToService':
      return show(condition, act);
    case 'inspect':
      return inspect(condition, act);
  }
}

function acknowledge(condition: Condition, act: Act<'acknowledge'>): Step {
  const step = move(
    silently(condition),
    'acknowledge',
    { at: act.at, kind: 'acknowledged', by: act.by, ...noted(condition, act.note) },
    condition.alarm && { ...condition.alarm, acknowledgedAt: act.at, acknowledgedBy: act.by },
  );
  return endIfNormal(step, act.at);
}

function shelve(condition: Condition, act: Act<'shelve'>): Step | Refusal {
  const problem = shelvingProblem(condition, act);
  if (problem !== undefined) return refuse('shelveRefused', problem);
  return move(
    silently(condition),
    'shelve',
    { at: act.at, kind: 'shelved', by: act.by, ...noted(condition, act.reason) },
    condition.alarm && { ...condition.alarm, shelvedUntil: act.until },
  );
}

function shelvingProblem({ key, alarm }: Condition, act: Act<'shelve'>): string | undefined {
  if (alarm?.category === 'fire') return 'an alarm of category fire is never shelved';
  if (alarm?.priority === 'P1') return 'an alarm of priority P1 is never shelved';
  // What a device did to the installation is looked at on site: it ends by a recorded inspection only.
  if (key.kind === localActionKind) return `an alarm of kind ${localActionKind} is never shelved`;
  if (isBlank(act.reason)) return 'reason is missing: shelving needs one';
  if (!(act.until > act.at)) return `until is ${act.until}: expected an instant after ${act.at}`;
  if (act.until > act.at + longestShelvingMs) {
    return `until is ${act.until}: expected at most 24 h after ${act.at}, that is ${act.at + longestShelvingMs}`;
  }
  return undefined;
}

function unshelve(condition: Condition, act: Act<'unshelve'>): Step {
  const until = condition.alarm?.shelvedUntil;
  if (act.by === undefined && until !== undefined && act.at < until) return silently(condition);
  return comeBack(condition, 'unshelve', {
    at: act.at,
    kind: 'unshelved',
    ...(act.by !== undefined && { by: act.by }),
    ...noted(condition, undefined),
  });
}

/** Out of view, by design or for work on the device. */
function hide(condition: Condition, act: Act<'suppress' | 'removeFromService'>): Step | Refusal {
  if (isBlank(act.reason)) return refuse('reasonRequired', `reason is missing: ${act.kind} needs one`);
  const { alarm } = condition;
  const wasInView = condition.state !== 'suppressedByDesign';
  const owes = wasInView
    ? alarm !== undefined && alarm.acknowledgedAt === undefined
    : condition.owesAcknowledgement === true;
  return move(
    silently({ ...condition, ...(owes && { owesAcknowledgement: true }) }),
    act.kind,
    { at: act.at, kind: changeKinds[act.kind], by: act.by, ...noted(condition, act.reason) },
    alarm && unshelved(alarm),
  );
}

function show(condition: Condition, act: Act<'unsuppress' | 'returnToService'>): Step | Refusal {
  if (isBlank(act.reason)) return refuse('reasonRequired', `reason is missing: ${act.kind} needs one`);
  return comeBack(condition, act.kind, {
    at: act.at,
    kind: changeKinds[act.kind],
    by: act.by,
    ...noted(condition, act.reason),
  });
}

function comeBack(
  condition: Condition,
  event: 'unshelve' | 'unsuppress' | 'returnToService',
  change: Parameters<typeof move>[2],
): Step {
  const step = move(silently(condition), event, change);
  const { state, alarm } = step.condition;
  if (!alarm) return step;
  const shown = unshelved(state === 'unacknowledged' ? unacknowledged(alarm) : alarm);
  return endIfNormal({ ...step, condition: { ...step.condition, alarm: shown } }, change.at);
}

function inspect(condition: Condition, act: Act<'inspect'>): Step | Refusal {
  if (isBlank(act.note)) return refuse('reasonRequired', 'note is missing: an inspection records what was found');
  const step = move(silently(condition), 'inspect', {
    at: act.at,
    kind: 'inspected',
    by: act.by,
    ...noted(condition, act.note),
  });
  return endIfNormal(step, act.at);
}

function noted(condition: Condition, note: string | undefined) {
  return {
    ...(condition.alarm && { level: condition.alarm.level }),
    ...(note !== undefined && { note }),
  };
}

function refuse(code: RefusalCode, detail: string): Refusal {
  return { refused: { code, detail } };
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
