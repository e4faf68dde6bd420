import { origins } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { CalibrationChannel } from '../calibration/calibration.ts';
import { Instant, oneOf } from './schema.ts';

/** A window of waveform kept as evidence; `id` = `{deviceId}:{captureId}`. */
export const CaptureSummary = Type.Object(
  {
    id: Type.String(),
    deviceId: Type.String(),
    captureId: Type.String(),
    venueId: Type.String(),
    origin: oneOf(origins),
    at: Type.Optional(Instant),
    receivedAt: Instant,
    complete: Type.Boolean(),
    incomplete: Type.Optional(Type.Boolean({ description: 'not complete 10 min after its first chunk' })),
    damaged: Type.Optional(
      Type.String({ description: 'all chunks are there, but their sha256 is not the announced one' }),
    ),
    chunksReceived: Type.Integer(),
    chunkCount: Type.Integer(),
    sampleRateHz: Type.Optional(Type.Number()),
    mainsHz: Type.Optional(Type.Number()),
    frames: Type.Optional(Type.Integer()),
    triggerFrame: Type.Optional(Type.Integer()),
    sha256: Type.Optional(Type.String()),
    points: Type.Array(Type.String()),
    calibration: Type.Optional(
      Type.Object(
        {
          id: Type.String(),
          version: Type.Integer(),
          calibratedAt: Instant,
          by: Type.String(),
          channels: Type.Array(CalibrationChannel),
        },
        { description: 'with which the device made its samples into quantities' },
      ),
    ),
    notCalibrated: Type.Optional(
      Type.Boolean({ description: 'the device says that it uses none; both absent: it does not say' }),
    ),
  },
  { $id: 'CaptureSummary' },
);
export type CaptureSummary = Static<typeof CaptureSummary>;

export const CaptureSamples = Type.Object(
  {
    sampleRateHz: Type.Number(),
    mainsHz: Type.Optional(Type.Number()),
    triggerFrame: Type.Optional(Type.Integer()),
    channels: Type.Array(Type.Object({ point: Type.String(), unit: Type.String(), values: Type.Array(Type.Number()) })),
  },
  { $id: 'CaptureSamples' },
);
export type CaptureSamples = Static<typeof CaptureSamples>;
