import type { Alarm, PresenceRow } from '@fengsui/protocol';
import type { KeptCallOut } from '../call-out/kept-call-out.ts';
import type { KeptAcceptance, KeptTest, KeptTrial } from '../commissioning/kept-test.ts';
import type { KeptIncident } from '../incident/kept-incident.ts';
import type { KeptIsolation } from '../isolation/kept-isolation.ts';
import type { RegistryChange } from '../registry/registry-change.ts';
import type { KeptWorkOrder } from '../workorder/kept-work-order.ts';
import { Effects } from './effects.ts';
import type { GbDutyCheck, GbPart } from './gb26875/gb-situation.ts';
import type { CaptureState, DeviceState, KeptCondition, OnSiteCause, Place } from './kept.ts';
import type { Situation } from './situation.ts';

/**
 * What a commit changed, as the process that leads hears it of another: all that is shown, listed, or judged by it. Rows
 * are not in it, they are in the store; nor is what only who applies a venue needs (received numbers, limits, timers).
 * JSON; a value that a report did not bring is null.
 */
export type MirroredEffects = {
  readonly conditions?: readonly KeptCondition[];
  readonly alarms?: readonly { readonly place: Place; readonly alarm: Alarm; readonly raisedAt: number }[];
  readonly deviceStates?: readonly (readonly [string, { readonly place: Place; readonly state: DeviceState }])[];
  readonly presence?: readonly (readonly [string, { readonly venueId: string; readonly row: PresenceRow }])[];
  readonly captures?: readonly CaptureState[];
  readonly gbParts?: readonly (readonly [
    string,
    { readonly place: Place; readonly deviceId: string; readonly part: GbPart },
  ])[];
  readonly gbDutyChecks?: readonly { readonly place: Place; readonly check: GbDutyCheck }[];
  readonly tests?: readonly KeptTest[];
  readonly acceptances?: readonly KeptAcceptance[];
  readonly trials?: readonly KeptTrial[];
  readonly isolations?: readonly KeptIsolation[];
  readonly acts?: Effects['acts'];
  readonly incidents?: readonly KeptIncident[];
  readonly callOuts?: readonly KeptCallOut[];
  readonly workOrders?: readonly KeptWorkOrder[];
  readonly onSiteCauses?: readonly (readonly [string, { readonly place: Place; readonly cause: OnSiteCause }])[];
  readonly registryChanges?: readonly RegistryChange[];
  /** Messages that went to quarantine. */
  readonly quarantined?: number;
  readonly heard?: readonly (readonly [deviceId: string, at: number])[];
  /** Points that reports of one shape speak of, in their order. */
  readonly shapes?: readonly (readonly string[])[];
  readonly values?: readonly MirroredValues[];
};

type MirroredValues = readonly [
  venueId: string,
  deviceId: string,
  at: number,
  shape: number,
  values: readonly (number | null)[],
];

/** Of nothing nothing: most commits are telemetry alone. */
export function mirrorOf(effects: Effects): MirroredEffects {
  const { values, shapes } = valuesOf(effects);
  const parts = {
    conditions: [...effects.conditions.values()],
    alarms: [...effects.alarms.values()],
    deviceStates: [...effects.deviceStates],
    presence: [...effects.presence],
    captures: [...effects.captures.values()],
    gbParts: [...effects.gbParts],
    gbDutyChecks: [...effects.gbDutyChecks.values()],
    tests: [...effects.commissioningTests.values()],
    acceptances: [...effects.acceptances.values()],
    trials: [...effects.trials.values()],
    isolations: [...effects.isolations.values()],
    acts: effects.acts,
    incidents: [...effects.incidents.values()],
    callOuts: [...effects.callOuts.values()],
    workOrders: [...effects.workOrders.values()],
    onSiteCauses: [...effects.onSiteCauses],
    registryChanges: effects.registryChanges,
    heard: [...effects.heard],
    shapes,
    values,
  };
  return {
    ...Object.fromEntries(Object.entries(parts).filter(([, items]) => items.length > 0)),
    ...(effects.quarantine.length > 0 && { quarantined: effects.quarantine.length }),
  };
}

function valuesOf(effects: Effects): { readonly values: MirroredValues[]; readonly shapes: (readonly string[])[] } {
  const shapes: (readonly string[])[] = [];
  const indexOf = new Map<readonly string[], number>();
  const values = effects.values.map(({ venueId, deviceId, at, points, values: told }): MirroredValues => {
    let shape = indexOf.get(points);
    if (shape === undefined) {
      shape = shapes.push(points) - 1;
      indexOf.set(points, shape);
    }
    // JSON writes NaN as null.
    return [venueId, deviceId, at, shape, told];
  });
  return { values, shapes };
}

/** Puts what another process has committed into this one's mirror, and gives it back for those who follow commits. */
export function mirror(situation: Situation, said: MirroredEffects): Effects {
  const effects = new Effects();
  for (const change of said.registryChanges ?? []) {
    situation.registry.apply(change);
    effects.registryChanges.push(change);
  }
  mirrorAlarms(situation, effects, said);
  mirrorDevices(situation, effects, said);
  mirrorVenues(situation, effects, said);
  mirrorValues(situation, effects, said);
  effects.acts.push(...(said.acts ?? []));
  // The rows are with who committed them; here they are counted.
  for (let count = 0; count < (said.quarantined ?? 0); count++) effects.quarantine.push([]);
  return effects;
}

function mirrorAlarms(situation: Situation, effects: Effects, said: MirroredEffects): void {
  for (const kept of said.conditions ?? []) situation.restoreCondition(kept);
  for (const told of said.alarms ?? []) effects.alarms.set(told.alarm.id, told);
  for (const [id, told] of said.onSiteCauses ?? []) {
    situation.onSite.restore(told.cause);
    effects.onSiteCauses.set(id, told);
  }
}

function mirrorDevices(situation: Situation, effects: Effects, said: MirroredEffects): void {
  for (const [id, told] of said.deviceStates ?? []) {
    situation.deviceStates.set(id, told.state);
    effects.deviceStates.set(id, told);
  }
  for (const [id, told] of said.presence ?? []) effects.presence.set(id, told);
  for (const [id, at] of said.heard ?? []) {
    situation.lastReceivedAt.set(id, Math.max(at, situation.lastReceivedAt.get(id) ?? 0));
    effects.heard.set(id, at);
  }
  for (const capture of said.captures ?? []) {
    if (capture.complete) situation.captures.delete(capture.id);
    else situation.captures.set(capture.id, capture);
    effects.captures.set(capture.id, capture);
  }
  for (const [id, told] of said.gbParts ?? []) {
    const { deviceId, part } = told;
    situation.gb.setPart(deviceId, part);
    situation.gb.noteOrder(part.statusOrder ?? 0);
    effects.gbParts.set(id, told);
  }
  for (const told of said.gbDutyChecks ?? []) {
    situation.gb.setDutyCheck(told.check);
    effects.gbDutyChecks.set(told.check.id, told);
  }
}

function mirrorVenues(situation: Situation, effects: Effects, said: MirroredEffects): void {
  const { commissioning, work } = situation;
  for (const test of said.tests ?? []) {
    commissioning.tests.set(test.place.venueId, test);
    effects.commissioningTests.set(test.id, test);
  }
  for (const acceptance of said.acceptances ?? []) {
    commissioning.acceptances.set(acceptance.testId, acceptance);
    effects.acceptances.set(acceptance.testId, acceptance);
  }
  for (const trial of said.trials ?? []) {
    commissioning.trials.set(trial.id, trial);
    effects.trials.set(trial.id, trial);
  }
  for (const isolation of said.isolations ?? []) {
    situation.isolations.put(isolation);
    effects.isolations.set(isolation.id, isolation);
  }
  for (const incident of said.incidents ?? []) {
    situation.incidents.put(incident);
    effects.incidents.set(incident.id, incident);
  }
  for (const callOut of said.callOuts ?? []) {
    situation.callOuts.put(callOut);
    effects.callOuts.set(callOut.id, callOut);
  }
  for (const order of said.workOrders ?? []) {
    work.put(order);
    effects.workOrders.set(order.id, order);
  }
}

function mirrorValues(situation: Situation, effects: Effects, said: MirroredEffects): void {
  for (const [venueId, deviceId, at, shape, told] of said.values ?? []) {
    const points = said.shapes?.[shape] ?? [];
    const values = told.map((value) => value ?? NaN);
    const last = situation.values.pointsOf(deviceId);
    for (const [index, value] of values.entries())
      if (!Number.isNaN(value)) last.set(points[index] as string, at, value);
    effects.values.push({ venueId, deviceId, at, points, values });
  }
}
