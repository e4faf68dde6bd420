import type { ProhibitedPolicy } from './prohibited-policy.ts';

/** Longest boiling of a full household kettle, with room to spare: what is on for longer is no kettle. */
const BEYOND_A_KETTLE_MS = 9 * 60_000;
const HEATERS = ['resistive'] as const;

/**
 * Editable defaults for China. National law forbids parking and charging electric bicycles in the lobbies, corridors,
 * stairs and exits of high-rise civil buildings; that they are charged nowhere indoors except in a room made for it, and
 * what dormitories allow, are rules of provinces, schools and owners: marked as remembered [M] or ours.
 */
export const defaultProhibitedPolicy: ProhibitedPolicy = {
  policyId: 'cn-default',
  jurisdiction: 'CN',
  validFrom: '2021-08-01',
  rules: [
    {
      id: 'e-bike-indoors',
      use: 'eBikeCharging',
      exemptAreaUses: ['chargingRoom'],
      loads: { types: ['eBikeCharger'], families: ['charger'], leastPowerW: 80, mostPowerW: 1200 },
      isTentativeByFamily: true,
      confirmAfterMs: 9 * 60_000,
      source: 'Ministry of Emergency Management order 5 (2021-08-01), art. 37 [S]; everywhere indoors: ours',
    },
    {
      id: 'dormitory-immersion-heater',
      use: 'immersionHeater',
      areaUses: ['dormitory'],
      loads: { types: ['immersionHeater'], families: [], leastPowerW: 300, mostPowerW: 2500 },
      isTentativeByFamily: false,
      confirmAfterMs: 5 * 60_000,
      source: 'rules of boarding schools and universities [M]',
    },
    {
      id: 'dormitory-hot-plate',
      use: 'hotPlate',
      areaUses: ['dormitory'],
      loads: { types: ['hotPlate', 'inductionHob'], families: ['inductionHob'], leastPowerW: 300, mostPowerW: 3500 },
      isTentativeByFamily: true,
      confirmAfterMs: 3 * 60_000,
      source: 'rules of boarding schools and universities [M]',
    },
    {
      id: 'dormitory-space-heater',
      use: 'spaceHeater',
      areaUses: ['dormitory'],
      loads: { types: ['spaceHeater', 'ptcHeater', 'heater'], families: [], leastPowerW: 300, mostPowerW: 3500 },
      isTentativeByFamily: false,
      confirmAfterMs: 5 * 60_000,
      source: 'rules of boarding schools and universities [M]',
    },
    {
      id: 'dormitory-heating',
      use: 'heatingAppliance',
      areaUses: ['dormitory'],
      loads: { types: [], families: HEATERS, leastPowerW: 300, mostPowerW: 3500 },
      isTentativeByFamily: true,
      confirmAfterMs: BEYOND_A_KETTLE_MS,
      source: 'meters of dormitories: resistive power steps from 300 W up [S vendor documents], duration: ours',
    },
    {
      id: 'nine-small-overnight-heating',
      use: 'unattendedHeating',
      venueClasses: ['nineSmall'],
      exemptAreaUses: ['kitchen', 'plantRoom'],
      hours: { fromMinute: 23 * 60, toMinute: 5 * 60 },
      loads: { types: ['spaceHeater', 'ptcHeater', 'heater'], families: HEATERS, leastPowerW: 400, mostPowerW: 3500 },
      isTentativeByFamily: false,
      confirmAfterMs: BEYOND_A_KETTLE_MS,
      source: 'ours: shops where people sleep above; hours editable per venue',
    },
    {
      id: 'school-overnight-heating',
      use: 'unattendedHeating',
      venueClasses: ['school', 'office'],
      exemptAreaUses: ['dormitory', 'kitchen', 'plantRoom', 'guardRoom'],
      hours: { fromMinute: 22 * 60, toMinute: 5 * 60 },
      loads: { types: ['spaceHeater', 'ptcHeater', 'heater'], families: HEATERS, leastPowerW: 400, mostPowerW: 3500 },
      isTentativeByFamily: false,
      confirmAfterMs: BEYOND_A_KETTLE_MS,
      source: 'ours: class rooms and offices are empty; hours editable per venue',
    },
  ],
};
