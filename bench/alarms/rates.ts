/** A number that the result hangs on, and where it comes from. */
export type Stated = { readonly value: number; readonly source: string };

const ours = 'assumed: no source gives it';

/** What happens in the simulated city besides what is right: rates and shares, as data. */
export const rates = {
  nuisancePerDeviceYear: { value: 0.5, source: 'set by the alarm budget' },
  /** Of detectors' nuisances: how many are an alarm (cooking, steam, dust); the rest is the detector's own fault. */
  detectorAlarmShare: { value: 0.75, source: ours },
  /** How many of the day's nuisances fall between 7 and 22 h: they are made by people. */
  daytimeShare: { value: 0.8, source: ours },
  /** Nuisances that come back one to three times within a quarter of an hour. */
  chatterShare: { value: 0.15, source: ours },
  truePerDay: { value: 4, source: 'seeded: enough to judge 80 % and all' },
  gatewayOutagesPerYear: { value: 0.5, source: ours },
  cutsPerVenueYear: { value: 3, source: ours },
  venuesPerCut: { value: 100, source: ours },
  /** Terminals that still say "under-voltage" before they go dark. */
  lastGaspShare: { value: 0.2, source: ours },
  /** In the hour after a cut comes back, of the true events of the month. */
  trueAfterCutShare: { value: 0.2, source: 'seeded: floods are when something is overlooked' },
} as const satisfies Readonly<Record<string, Stated>>;

/** What is asked of the seats, and where the numbers come from. */
export const budget = {
  seats: { value: 3, source: 'GB 50440: an alarm-receiving system has at least 3 seats' },
  handlingS: { value: 45, source: 'set by the alarm budget' },
  reactionS: { value: 5, source: 'assumed: to see the row, read it and press the key; part of the 45 s' },
  rowsPerSeatHour: { value: 6, source: 'ISA-18.2 / IEC 62682: about 6 an hour and operator are acceptable' },
  floodRows: { value: 10, source: 'EEMUA 191, ISA-18.2: more than 10 in 10 minutes is a flood' },
  floodShare: { value: 0.01, source: 'ISA-18.2: less than 1 % of the windows' },
  ownedByAllS: { value: 60, source: 'EN 50518:2019: fire 98.5 % within 60 s; the budget asks for all, of every kind' },
  ownedByMostS: { value: 30, source: 'EN 50518:2019: fire 80 % within 30 s; the budget asks for it of every kind' },
  ownedByMostShare: { value: 0.8, source: 'EN 50518:2019' },
} as const satisfies Readonly<Record<string, Stated>>;
