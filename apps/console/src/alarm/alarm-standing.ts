import type { AlarmState } from '@fengsui/alarm';

/** Where an alarm stands with the operator; decides its place in the queue and how its pill is drawn. */
export type Standing = 'unacknowledged' | 'acknowledged' | 'setAside' | 'ended';

const standings: Record<AlarmState, Standing> = {
  normal: 'ended',
  unacknowledged: 'unacknowledged',
  acknowledged: 'acknowledged',
  returnedUnacknowledged: 'unacknowledged',
  latchedUnacknowledged: 'unacknowledged',
  latchedAcknowledged: 'acknowledged',
  shelved: 'setAside',
  suppressedByDesign: 'setAside',
  outOfService: 'setAside',
};

/** An unknown state (a newer centre) counts as unacknowledged: what we do not understand must not sink. */
export function standingOf(state: AlarmState): Standing {
  return (standings as Partial<Record<string, Standing>>)[state] ?? 'unacknowledged';
}
