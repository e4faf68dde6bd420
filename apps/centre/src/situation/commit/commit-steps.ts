import type { Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import { actSteps } from './act-steps.ts';
import { alarmSteps } from './alarm-steps.ts';
import { captureSteps } from './capture-steps.ts';
import { commandSteps } from './command-steps.ts';
import { commissioningSteps } from './commissioning-steps.ts';
import { checkpointSteps } from './checkpoint-steps.ts';
import { callOutSteps } from './call-out-steps.ts';
import { incidentSteps } from './incident-steps.ts';
import { gbSteps } from './gb-steps.ts';
import { foreignSteps } from './foreign-steps.ts';
import { relaySteps } from './relay-steps.ts';
import { registrySteps } from './registry-steps.ts';
import { reportSteps } from './report-steps.ts';
import { rolloutSteps } from './rollout-steps.ts';
import { timerSteps } from './timer-steps.ts';
import { docSteps } from './upsert.ts';
import { workSteps } from './work-steps.ts';

/** The steps of one transaction: everything a batch changed, and how far the journal is applied with it. */
export function commitSteps(effects: Effects, isFed = true): Step[] {
  return [
    ...registrySteps(effects.registryChanges),
    ...reportSteps(effects),
    ...captureSteps(effects),
    ...docSteps('device_state', 'device_id', effects.deviceStates, ({ state }) => state),
    ...docSteps('condition', 'id', effects.conditions, ({ condition, changeCount }) => ({ condition, changeCount })),
    ...docSteps('limit_state', 'id', effects.limits, ({ state }) => state),
    ...docSteps('fire_place', 'id', effects.firePlaces, (kept) => kept),
    ...gbSteps(effects),
    ...relaySteps(effects),
    ...foreignSteps(effects),
    ...commissioningSteps(effects),
    ...docSteps('isolation', 'id', effects.isolations, (isolation) => isolation),
    ...alarmSteps(effects),
    ...actSteps(effects),
    ...commandSteps(effects),
    ...docSteps('on_site_cause', 'id', effects.onSiteCauses, ({ cause }) => cause),
    ...incidentSteps(effects),
    ...callOutSteps(effects),
    ...workSteps(effects),
    ...rolloutSteps(effects),
    ...timerSteps(effects),
    ...checkpointSteps(effects, isFed),
  ];
}
