import { leadPointOf, type Rule } from '@fengsui/alarm';
import type { TelemetryRow } from '@fengsui/protocol';
import { clearSource, raiseSource, type RaiseContext } from './raise-source.ts';
import type { ReportContext } from './report-context.ts';
import type { ReportShape } from './report-shape.ts';
import { limitId } from './limit-watch.ts';
import type { RuleWatch } from './rule-watch.ts';

type Step = NonNullable<ReturnType<RuleWatch['due']>>;

/** Tells a live row to the rules that are more than limits. */
export function watchRules(context: ReportContext, shape: ReportShape, row: TelemetryRow, at: number): void {
  const { situation, device, place, report } = context;
  const rules = situation.ruleWatch.rulesOfShape(device.model, shape, place.venueId);
  if (rules === undefined) return;
  for (let i = 0; i < shape.points.length; i++) {
    const value = row.values[i] as number;
    const point = shape.points[i] as string;
    if (Number.isNaN(value)) continue;
    for (const rule of rules[i] as readonly Rule[]) {
      const pointId = leadPointOf(rule, point);
      const step = situation.ruleWatch.sample(rule, device.id, pointId, { point, at, value });
      // The rule counts in the device's time, the timer in ours: what is left is the same.
      const dueAtOurs = report.meta.receivedAt + Math.max(0, (step.dueAt ?? 0) - step.at);
      follow(context, rule, pointId, step, dueAtOurs);
    }
  }
}

/** What was due by a timer that has fired. */
export function ruleFired(context: RaiseContext, rule: Rule, pointId: string, dueAt: number, firedAt: number): void {
  const { situation, device } = context;
  for (;;) {
    const step = situation.ruleWatch.due(rule, device.id, pointId, dueAt);
    if (step === undefined) return;
    const left = Math.max(0, (step.dueAt ?? 0) - dueAt);
    follow(context, rule, pointId, { ...step, isDueAnew: true }, firedAt + left);
    if (step.change === undefined) return;
  }
}

function follow(context: RaiseContext, rule: Rule, pointId: string, step: Step, dueAtOurs: number): void {
  const { situation, effects, device, place } = context;
  const id = limitId(device.id, pointId, rule.id);
  if (step.isKept) effects.limits.set(id, { place, state: step.state });
  if (step.isDueAnew && step.dueAt === undefined) effects.endTimer(`limit/${id}`);
  else if (step.isDueAnew && step.dueAt !== undefined)
    effects.setTimer({
      id: `limit/${id}`,
      venueId: place.venueId,
      dueAt: dueAtOurs,
      purpose: { kind: 'limit', deviceId: device.id, pointId, ruleId: rule.id, dueAt: step.dueAt },
    });
  const at = step.changedAt ?? 0;
  if (step.change === 'entered')
    raiseSource(
      context,
      { ...rule, ...limitShown(rule) },
      pointId,
      at,
      situation.values.get(device.id, pointId)?.value,
    );
  if (step.change === 'left') clearSource(context, rule, pointId, at);
}

/** Beside the value of an alarm stands a limit only where the value is compared with it. */
const limitShown = ({ test }: Rule): { readonly threshold?: number } =>
  test.kind === 'limit' ? { threshold: test.threshold } : {};
