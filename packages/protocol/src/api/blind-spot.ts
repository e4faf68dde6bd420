import { Type, type Static } from 'typebox';
import { venueLifeStates } from './commissioning.ts';
import { isolationKinds } from './isolation.ts';
import { Instant, oneOf } from './schema.ts';

/** Why a detector cannot raise an alarm that anybody would act on. */
export const blindReasons = [
  'noArea',
  'modelWithoutAlarm',
  'noRule',
  'neverTested',
  'testFailed',
  'isolated',
  'onTest',
  'maintenance',
  'notActive',
  'venueNotLive',
  'revoked',
  'neverReported',
  'silent',
  // These do not keep it from raising: it still counts as watching.
  'calibrationOverdue',
  'sensorDrifting',
  'sensorNoisy',
  'sensorStuck',
] as const;
export type BlindReason = (typeof blindReasons)[number];

/** A registered detector that is blind, with all its reasons. A visible fault, not a statistic. */
export const BlindSpot = Type.Object(
  {
    deviceId: Type.String(),
    venueId: Type.String(),
    areaId: Type.Optional(Type.String()),
    name: Type.Optional(Type.String({ description: 'of the device' })),
    nameEn: Type.Optional(Type.String()),
    family: Type.String(),
    reasons: Type.Array(oneOf(blindReasons), { minItems: 1 }),
    isolation: Type.Optional(
      Type.Object(
        { id: Type.String(), kind: oneOf(isolationKinds), until: Instant, by: Type.String() },
        { description: 'that keeps its alarms from ringing: until when, and who asked for it' },
      ),
    ),
  },
  { $id: 'BlindSpot' },
);
export type BlindSpot = Static<typeof BlindSpot>;

/** How well a venue is watched: by areas and by detectors that can raise. */
export const Coverage = Type.Object(
  {
    venueId: Type.String(),
    life: oneOf(venueLifeStates, 'a venue that is not live counts as watched by nobody'),
    detectorCount: Type.Integer(),
    ableCount: Type.Integer({ description: 'detectors with no reason to be blind' }),
    areaCount: Type.Integer({ description: 'areas without an area below them' }),
    coveredAreaCount: Type.Integer({
      description: 'of those, with a detector in it that is able, or fed by a circuit of one',
    }),
    blindAreas: Type.Array(
      Type.Object({
        areaId: Type.String(),
        name: Type.String(),
        nameEn: Type.Optional(Type.String()),
        detectorCount: Type.Integer(),
      }),
      { description: 'areas that no able detector watches' },
    ),
    families: Type.Array(
      Type.Object({ family: Type.String(), detectorCount: Type.Integer(), ableCount: Type.Integer() }),
    ),
  },
  { $id: 'Coverage' },
);
export type Coverage = Static<typeof Coverage>;
