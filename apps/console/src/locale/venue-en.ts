import type { venueZh } from './venue-zh.ts';
import type { Words } from './zh.ts';

/** Words of venues, English. */
export const venueEn: Words<typeof venueZh> = {
  venueClass: {
    keyUnit: 'Key fire unit',
    nineSmall: 'Nine-small place',
    enterprise: 'Key enterprise',
    school: 'School',
    hospital: 'Hospital',
    office: 'Office building',
  },
  venue: {
    title: 'Venue',
    list: 'Venues',
    none: 'There is no venue in your scope yet.',
    noneMatching: 'No venue matches.',
    search: 'Filter venues',
    notFound: 'Venue {{id}} is not found, or lies outside your scope.',
    oneAxis: 'Electricity · temperature · smoke · gas on one time axis',
    noFamily: 'This venue has no point for: {{family}}',
    devices: 'Devices',
    noDevices: 'No device yet.',
    alarms: 'Open alarms',
    noAlarms: 'No open alarms · data {{age}} old',
    unknownAlarms: 'Disconnected: whether there are alarms is not known',
    electricityShows: 'Electricity shows',
    more: 'Curves not drawn: {{n}}',
    address: 'Address',
    class: 'Class',
    storeys: 'Storeys',
    people: 'People at most',
    gas: 'Gas',
    gasIs: { none: 'none', piped: 'piped', bottled: 'bottles', tank: 'tank' },
    access: 'Access for engines',
    facts: 'For the fire brigade',
    notRegistered: 'not registered',
    owner: 'Owner',
    openAlarms: 'Alarms',
    demoName: 'invented name',
  },
};
