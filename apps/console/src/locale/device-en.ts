import type { deviceZh } from './device-zh.ts';
import type { Words } from './zh.ts';

/** Words of the page of a device and its trends, English. */
export const deviceEn: Words<typeof deviceZh> = {
  device: {
    title: 'Device',
    online: 'online',
    offline: 'offline',
    lastReport: 'last report {{age}} ago',
    neverReported: 'never reported',
    interval: 'contracted interval {{seconds}} s',
    firmware: 'Firmware',
    model: 'Model',
    venue: 'Venue',
    area: 'Where',
    parent: 'Parent device',
    clockSuspect: 'Clock suspect: times are those of receipt',
    values: 'Live values',
    value: 'Value',
    limits: 'Limits',
    age: 'Data',
    noValues: 'No value received yet. Check that the device has power and network, and that its credential is right.',
    noLimit: 'no limit',
    staleValue: 'stale',
    trend: 'Trend',
    captures: 'Captures',
    noCaptures: 'No capture yet. The terminal sends one with every alarm.',
    alarms: 'Alarms',
    noAlarms: 'No open alarms',
    notFound: 'Device {{id}} is not found, or lies outside your scope.',
    limitWords: '{{level}} {{sign}} {{value}}',
    showUnused: 'Show points that never had a value: {{n}}',
    hideUnused: 'Hide points without a value',
  },
  trend: {
    downsampled: 'downsampled 1:{{n}}',
    raw: 'raw data',
    downsampledWhy:
      'Each point stands for {{n}} samples; the pale band is their minimum to maximum, so no peak is lost.',
    empty: 'No data in this time',
    range: 'Time range',
    back: 'Back to now',
    brush: 'Drag to zoom; double click to return',
    loading: 'Fetching data…',
  },
};
