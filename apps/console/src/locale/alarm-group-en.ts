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
  alarmLoad: {
    title: 'Alarm load',
    day: 'last 24 h, one cause is one line',
    unknown: 'The alarm load cannot be had',
    lines: 'last 10 min {{latest}} · most {{most}} · mean {{mean}} (wanted ≤ 1)',
    flood: 'Alarm flood: last 10 min {{latest}} · most {{most}} · mean {{mean}}',
    state: 'in flood {{share}} · over 24 h {{stale}} · chattering {{chattering}}',
    high: 'P1+P2 {{share}} (wanted {{wanted}})',
    medium: 'P3 {{share}} ({{wanted}})',
    low: 'P4 {{share}} ({{wanted}})',
  },
};
