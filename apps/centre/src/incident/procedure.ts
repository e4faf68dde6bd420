import { procedureSteps, type ProcedureStep } from '@fengsui/protocol';
import type { KeptIncident } from './kept-incident.ts';
import { limitOf } from './procedure-limits.ts';

/** Instants are epoch ms; `from` absent: its time has not begun, and may never. */
export type Standing = {
  readonly step: ProcedureStep;
  readonly limitMs: number;
  readonly from?: number;
  readonly doneAt?: number;
};

/** How each step of the procedure stands. All but the report count from our receipt of what opened the incident. */
export function standingsOf(incident: KeptIncident): readonly Standing[] {
  return procedureSteps.map((step) => {
    const { from, doneAt } = spanOf(incident, step);
    return {
      step,
      limitMs: limitOf(step, incident.openedAt).limitMs,
      ...(from !== undefined && { from }),
      ...(doneAt !== undefined && { doneAt }),
    };
  });
}

type Span = { readonly from: number | undefined; readonly doneAt: number | undefined };

function spanOf(incident: KeptIncident, step: ProcedureStep): Span {
  // It was over before anybody typed it in.
  if (incident.happenedAt !== undefined) return { from: undefined, doneAt: undefined };
  const { openedAt: from, displayedAt, acknowledgedAt, firstWordAt, verdict, report, told } = incident;
  switch (step) {
    case 'displayed':
      return { from, doneAt: displayedAt };
    case 'acknowledged':
      return { from, doneAt: acknowledgedAt };
    case 'firstWord':
      return { from, doneAt: firstWordAt };
    case 'verified':
      return { from, doneAt: verdict?.at };
    case 'reported':
      return {
        from: verdict?.word === 'true' ? verdict.at : undefined,
        // Whichever way it came to them first.
        doneAt: verdict?.word === 'true' ? earliest(report?.deliveredAt, told?.at) : undefined,
      };
  }
}

function earliest(...instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** What the timer of a step means; a part of `TimerPurpose`. */
export type IncidentTimerPurpose = {
  readonly kind: 'incidentLate';
  readonly incidentId: string;
  readonly step: ProcedureStep;
};

type LateTimer = { readonly id: string; readonly dueAt: number; readonly purpose: IncidentTimerPurpose };

/** One for each step whose time runs. */
export function lateTimersOf(incident: KeptIncident): ReadonlyMap<string, LateTimer> {
  const timers = new Map<string, LateTimer>();
  if (incident.state === 'closed') return timers;
  for (const { step, limitMs, from, doneAt } of standingsOf(incident)) {
    if (from === undefined || doneAt !== undefined) continue;
    const id = `incidentLate/${incident.id}/${step}`;
    const purpose = { kind: 'incidentLate', incidentId: incident.id, step } as const;
    timers.set(id, { id, dueAt: from + limitMs, purpose });
  }
  return timers;
}
