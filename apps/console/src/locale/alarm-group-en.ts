import type { alarmGroupZh } from './alarm-group-zh.ts';
import type { Words } from './zh.ts';

/** Alarms with one cause, English. */
export const alarmGroupEn: Words<typeof alarmGroupZh> = {
  group: {
    cause: {
      mainsCut: 'Mains cut',
      buildingPower: 'Power of the venue',
      gateway: 'Gateway silent',
      silence: 'Silent together',
      loopFault: 'Loop fault',
      rate: 'Many alarms',
    },
    title: '{{cause}} · {{n}}',
    kind: '{{kind}} {{n}}',
    venues: '{{n}} venues: {{names}}',
    and: ', ',
    waiting: 'unacknowledged {{n}}',
    active: 'active {{n}}',
    open: 'Open this group',
    close: 'Close this group',
    select: 'Select this group',
    inGroup: 'One cause',
    acknowledged: 'Acknowledged the {{n}} alarms now in the group; later ones still need it.',
    chatter: 'chatters {{n}}×/10 min',
  },
};
