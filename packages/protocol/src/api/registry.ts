import { levels, origins } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { venueLifeStates } from './commissioning.ts';
import { deviceLifeStates } from './device-life.ts';
import { Label } from './label.ts';
import { EpochMs, Instant, oneOf } from './schema.ts';

export const organisationKinds = [
  'committee',
  'platformCompany',
  'operator',
  'venueOwner',
  'maintenanceFirm',
  'insurer',
] as const;

export const Organisation = Type.Object(
  {
    id: Type.String(),
    kind: oneOf(organisationKinds),
    name: Type.String(),
    nameEn: Type.Optional(Type.String()),
    parentId: Type.Optional(Type.String()),
    demo: Type.Boolean({ description: 'invented for the demo city; its devices are simulated' }),
  },
  { $id: 'Organisation' },
);
export type Organisation = Static<typeof Organisation>;

/** Key fire unit 重点消防单位, nine-small place 九小场所, key enterprise 重点企业, school 学校, hospital 医院, office 办公楼. */
export const venueClasses = ['keyUnit', 'nineSmall', 'enterprise', 'school', 'hospital', 'office'] as const;
export type VenueClass = (typeof venueClasses)[number];

/** No gas, town gas by pipe 管道燃气, bottles 瓶装液化气, a tank 储罐. */
export const gasSupplies = ['none', 'piped', 'bottled', 'tank'] as const;
export type GasSupply = (typeof gasSupplies)[number];

/** What the fire brigade asks about a place before it is there. */
export const venueFireFacts = {
  storeys: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'above ground' })),
  people: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'in it at once, at most' })),
  gas: Type.Optional(oneOf(gasSupplies)),
  access: Type.Optional(Type.String({ maxLength: 300, description: 'how an engine gets there and in' })),
} as const;

export const Venue = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    nameEn: Type.Optional(Type.String()),
    class: oneOf(venueClasses),
    organisationId: Type.String(),
    address: Type.Optional(Type.String()),
    addressEn: Type.Optional(Type.String()),
    longitude: Type.Optional(Type.Number({ minimum: -180, maximum: 180, description: 'WGS 84' })),
    latitude: Type.Optional(Type.Number({ minimum: -90, maximum: 90, description: 'WGS 84' })),
    ...venueFireFacts,
    life: Type.Optional(oneOf(venueLifeStates, 'absent = live')),
    wave: Type.Optional(Type.String({ maxLength: 60, description: 'batch in which it is put into operation' })),
    origin: oneOf(origins),
  },
  { $id: 'Venue' },
);
export type Venue = Static<typeof Venue>;

/** Families the product has words for; a model may bring its own. */
export const sensorFamilies = ['electricity', 'temperature', 'smoke', 'gas', 'other'] as const;
export type SensorFamily = string;

const Family = Type.String({ description: `${sensorFamilies.join(', ')}, or one that a device model brings` });

/** The centre's limit on a point, as data with its source. */
export const PointLimit = Type.Object({
  kind: Type.String(),
  level: oneOf(levels),
  direction: oneOf(['above', 'below']),
  threshold: Type.Number(),
});

export const Point = Type.Object(
  {
    id: Type.String({ description: 'c1.currentA, t2.temperatureC …' }),
    unit: Type.String(),
    family: Family,
    value: Type.Optional(Type.Number()),
    at: Type.Optional(EpochMs),
    label: Type.Optional(Label),
    range: Type.Optional(Type.Object({ min: Type.Number(), max: Type.Number() }, { description: 'of a display' })),
    limits: Type.Array(PointLimit),
  },
  { $id: 'Point' },
);
export type Point = Static<typeof Point>;

/** How a sensor fails slowly: it says nothing of fire while it does. */
export const sensorFaults = ['drifting', 'noisy', 'stuck'] as const;

export const Device = Type.Object(
  {
    id: Type.String(),
    model: Type.String(),
    venueId: Type.String(),
    parentId: Type.Optional(Type.String()),
    serial: Type.Optional(Type.String({ description: 'of the maker, where it is not the id' })),
    batchId: Type.Optional(Type.String({ description: 'factory batch' })),
    calibrationInUse: Type.Optional(Type.String({ description: 'as the device says: id of a calibration, or none' })),
    name: Type.Optional(Type.String()),
    nameEn: Type.Optional(Type.String()),
    area: Type.Optional(Type.String({ description: 'where in the venue' })),
    areaEn: Type.Optional(Type.String()),
    family: Family,
    origin: oneOf(origins),
    online: Type.Boolean(),
    lastReportAt: Type.Optional(Instant),
    firmware: Type.Optional(Type.String()),
    reportingIntervalMs: Type.Integer({ description: 'contracted interval; silent for 3 of them = offline' }),
    clockSuspect: Type.Optional(Type.Boolean()),
    clockOffsetMs: Type.Optional(
      Type.Integer({
        description: 'instant of its newest live report less our receipt of it: its clock, and the way here',
      }),
    ),
    silent: Type.Optional(Type.Boolean({ description: 'missed three contracted intervals' })),
    identitySuspect: Type.Optional(
      Type.Boolean({ description: 'its credential may be in two hands: reports count, commands are refused' }),
    ),
    sensorFaults: Type.Optional(
      Type.Array(
        Type.Object({
          point: Type.String(),
          fault: oneOf(sensorFaults),
          since: Type.String({ format: 'date-time', description: 'the reading that showed it' }),
        }),
        { description: 'sensors that fail slowly, by their readings against their own past; absent = none is known' },
      ),
    ),
    life: oneOf(deviceLifeStates),
    areaId: Type.Optional(Type.String()),
    testedAt: Type.Optional(Instant),
    testFailedAt: Type.Optional(Instant),
    revokedAt: Type.Optional(Instant),
    replaces: Type.Optional(Type.String({ description: 'device that stood here before' })),
    replacedBy: Type.Optional(Type.String()),
    gbAddress: Type.Optional(Type.String({ description: 'GB/T 26875.3 source address, 12 hex digits in wire order' })),
  },
  { $id: 'Device' },
);
export type Device = Static<typeof Device>;
