import { kindWords } from '@fengsui/alarm';
import type { alarmZh } from './alarm-zh.ts';
import type { Words } from './zh.ts';

/** Words an alarm is told in, on every page, English. */
export const alarmEn: Words<typeof alarmZh> = {
  origin: {
    live: 'Live',
    simulated: 'SIM',
    drill: 'DRILL',
    test: 'TEST',
    replay: 'REPLAY',
    simulatedChip: '模拟 SIMULATED',
    drillChip: '演练 DRILL',
    simulatedBanner: 'This screen shows simulated data, not reports of real devices',
    drillBanner: 'A drill is running: violet entries are not real alarms',
  },
  originName: { live: 'live', simulated: 'simulated', drill: 'drill', test: 'test', replay: 'replay' },
  bearer: { centre: 'This centre', relay: 'Relay', rollout: 'Update', source: 'Foreign source' },
  category: { fire: 'Fire', warning: 'Warning', supervisory: 'Supervisory', fault: 'Fault' },
  level: { attention: 'attention', warning: 'warning', alarm: 'alarm' },
  state: {
    normal: 'ended',
    unacknowledged: 'unacknowledged',
    acknowledged: 'acknowledged',
    returnedUnacknowledged: 'returned, unacknowledged',
    latchedUnacknowledged: 'latched, unacknowledged',
    latchedAcknowledged: 'latched, to be inspected',
    shelved: 'shelved',
    suppressedByDesign: 'suppressed by design',
    outOfService: 'out of service',
  },
  standing: {
    unacknowledged: 'Unacknowledged',
    acknowledged: 'Acknowledged',
    setAside: 'Shelved / suppressed',
    ended: 'Ended',
  },
  change: {
    raised: 'raised',
    escalated: 'escalated',
    reraised: 'raised again',
    returned: 'returned to normal',
    acknowledged: 'acknowledged',
    shelved: 'shelved',
    unshelved: 'unshelved',
    suppressed: 'suppressed',
    unsuppressed: 'suppression ended',
    removedFromService: 'taken out of service',
    returnedToService: 'back in service',
    inspected: 'inspected on site',
    ended: 'ended',
  },
  kind: kindWords.en,
};
