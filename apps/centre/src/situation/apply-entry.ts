import { followCallOuts } from '../call-out/follow-call-outs.ts';
import { applyScreenTime } from '../commissioning/run-test.ts';
import { applyIncident } from '../incident/apply-incident.ts';
import { followIncidents } from '../incident/follow-incidents.ts';
import { followIsolations } from '../isolation/run-isolation.ts';
import { applyRolloutAct } from '../rollout/apply-rollout.ts';
import { applyWork } from '../workorder/apply-work.ts';
import { followWork } from '../workorder/follow-work.ts';
import { applyAct } from './apply-act.ts';
import { commandSent } from './apply-command.ts';
import { applyRegistryChange } from './apply-registry-change.ts';
import { applyReport, type StoredDigests } from './apply-report.ts';
import { applyTimer } from './apply-timer.ts';
import type { DecodedEntry } from './decoded-entry.ts';
import type { Lacking } from './duty.ts';
import type { Effects } from './effects.ts';
import type { Situation } from './situation.ts';

/** Applies one entry. It reads no clock and no store: the same entries in the same order give the same effects. */
export function applyEntry(
  situation: Situation,
  effects: Effects,
  item: DecodedEntry,
  stored: StoredDigests,
  lacking?: Lacking,
): void {
  const changesBefore = effects.alarmChanges.length;
  const stepsBefore = effects.incidentSteps.length;
  applyKind(situation, effects, item, stored, lacking);
  followIsolations(situation, effects, changesBefore, item.entry.appendedAt);
  followIncidents(situation, effects, item.entry, changesBefore);
  followCallOuts(situation, effects, item.entry.appendedAt, stepsBefore);
  followWork(situation, effects, item, changesBefore, lacking);
}

function applyKind(
  situation: Situation,
  effects: Effects,
  item: DecodedEntry,
  stored: StoredDigests,
  lacking?: Lacking,
): void {
  switch (item.kind) {
    case 'report':
      applyReport(situation, effects, item, stored);
      return;
    case 'operatorAct':
      // A file comes with its act: it needs the whole entry.
      if ('isWork' in item.meta) applyWork(situation, effects, item.meta, item.entry);
      else if ('isRollout' in item.meta) applyRolloutAct(situation, effects, item.meta, item.entry);
      else if ('isIncident' in item.meta) applyIncident(situation, effects, item.meta, item.entry);
      else applyAct(situation, effects, item.meta, item.entry.partition);
      return;
    case 'screenTime':
      applyScreenTime(situation, effects, item.meta);
      return;
    case 'registryChange':
      for (const change of item.changes)
        applyRegistryChange(situation, effects, change, item.entry.appendedAt, lacking);
      return;
    case 'commandSent':
      commandSent(situation, effects, item.meta);
      return;
    case 'timerFired':
      applyTimer(situation, effects, item.entry, item.meta);
  }
}
