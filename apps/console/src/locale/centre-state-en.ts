import type { centreStateZh } from './centre-state-zh.ts';
import type { Words } from './zh.ts';

/** What the centre does and does not do right now, English. */
export const centreStateEn: Words<typeof centreStateZh> = {
  centreState: {
    degraded: 'The centre does not do all its work',
    noAlarms: 'New alarms do not get here! Keep watch by hand now: telephone, fire control rooms, patrols.',
    stopped: 'Stopped',
    works: 'Works',
    name: {
      intake: 'taking reports',
      alarms: 'alarms',
      screens: 'screens',
      history: 'history',
      commands: 'commands',
      relays: 'passing on',
      lease: 'leadership',
      backup: 'backup',
      audit: 'audit',
    },
    meaning: {
      intake: 'devices keep their reports and send them later',
      alarms: 'raised later',
      screens: 'they show the state of before',
      history: 'nothing new is stored, questions may stay unanswered',
      commands: 'none can be sent',
      relays: 'kept until the other side is back',
      lease: 'another centre may take over',
      backup: 'there is no new one',
      audit: 'rows are written or passed on later',
    },
    held: 'goes on by itself',
    broken: 'somebody has to look into it',
    reason: 'Reason: {{reason}}',
  },
};
