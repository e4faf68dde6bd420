import type { wallZh } from './wall-zh.ts';
import type { Words } from './zh.ts';

/** Words of the wall display, English. */
export const wallEn: Words<typeof wallZh> = {
  wall: {
    title: 'Wall',
    families: 'Sensors',
    onlineOfAll: 'online / all',
    offline: 'offline {{n}}',
    blind: '{{n}} detectors cannot raise an alarm now',
    alarming: 'alarming {{n}}',
    reports: '{{n}} reports/s',
    newest: 'last report {{age}} ago',
    noReport: 'no report yet',
    energy: 'Energy today',
    energyFrom: 'sum of circuits: {{n}}',
    energyUnknown: 'no circuit has reported energy yet',
    queue: 'Alarm queue',
    moreRows: 'more: {{n}}',
    wave: 'Newest capture',
    waveWhat: '{{place}} · {{time}} · a capture, not a stream',
    waveUnknown: 'Captures cannot be fetched; whether there is one is not known',
    venuesUnknown: 'The venues cannot be fetched',
    noWave: 'No capture yet',
    venues: 'Venues',
    venueCount: 'venues: {{n}}',
    stale: 'Data is stale: {{age}} old',
    overviewLost: 'The overview cannot be fetched — these figures are of {{time}}',
    overviewNever: 'The overview cannot be fetched; no figures yet',
    back: 'Duty desk',
    cycles: '{{n}} cycles',
    matrix: 'Unacknowledged alarms',
    board: 'Venues with alarms',
    boardNone: 'No venue has an open alarm',
  },
};
