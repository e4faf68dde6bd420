import { Type, type Static } from 'typebox';
import { Check, Errors } from 'typebox/value';

const strict = { additionalProperties: false } as const;
/** Nothing that is built as a measuring channel is further off: beyond it the numbers are those of something else. */
export const calibrationLimits = { gain: { least: 0.5, most: 2 }, offset: 10_000, phaseUs: 1_000 } as const;

/** What turns the samples of one channel into its quantity: `value(t) = gain · raw(t + phaseUs) + offset`. */
export const CalibrationChannel = Type.Object(
  {
    point: Type.String({
      pattern: '^[a-z][A-Za-z0-9]{0,15}\\.[a-z][A-Za-z0-9]{0,39}$',
      description: 'as in a capture: c1.currentA',
    }),
    gain: Type.Number({ minimum: calibrationLimits.gain.least, maximum: calibrationLimits.gain.most }),
    offset: Type.Number({
      minimum: -calibrationLimits.offset,
      maximum: calibrationLimits.offset,
      description: 'in the unit of the point, added after the gain',
    }),
    phaseUs: Type.Number({
      minimum: -calibrationLimits.phaseUs,
      maximum: calibrationLimits.phaseUs,
      description: 'how late the raw channel shows what happens, µs; of a transformer its phase error',
    }),
    reference: Type.Optional(
      Type.String({ minLength: 1, maxLength: 60, description: 'at what it was found: 230 V, 10 A' }),
    ),
  },
  strict,
);
export type CalibrationChannel = Static<typeof CalibrationChannel>;

/** One calibration of a device, whole: every channel it samples. On the device wire instants are epoch ms. */
export const Calibration = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z0-9._-]{1,80}$', description: 'device id, -k, version' }),
    deviceId: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }),
    version: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      description: 'rises with every calibration of the device',
    }),
    calibratedAt: Type.Integer({ minimum: 0, description: 'epoch ms' }),
    by: Type.String({ minLength: 1, maxLength: 128, description: 'who calibrated' }),
    instrument: Type.Object(
      {
        serial: Type.String({ minLength: 1, maxLength: 60 }),
        certificate: Type.String({ minLength: 1, maxLength: 80, description: 'of its own calibration' }),
      },
      strict,
    ),
    temperatureC: Type.Optional(Type.Number({ minimum: -60, maximum: 120 })),
    validUntil: Type.Optional(Type.Integer({ minimum: 0, description: 'epoch ms; absent = the model names no term' })),
    channels: Type.Array(CalibrationChannel, { minItems: 1, maxItems: 64 }),
  },
  strict,
);
export type Calibration = Static<typeof Calibration>;

/** What a capture names of it. */
export type CaptureCalibration = Pick<Calibration, 'id' | 'version' | 'calibratedAt' | 'by'> & {
  readonly channels: readonly Pick<CalibrationChannel, 'point' | 'gain' | 'offset' | 'phaseUs'>[];
};

/** Everything that is wrong with a calibration, each with field, value and expectation; [] = it is a `Calibration`. */
export function calibrationProblems(document: unknown): readonly string[] {
  if (!Check(Calibration, document)) {
    const shape = [...Errors(Calibration, document)].filter(({ message }) => message !== 'schema is false');
    return shape.slice(0, 20).map(({ instancePath, message }) => {
      const field = instancePath === '' ? 'the calibration' : instancePath.slice(1).replaceAll('/', '.');
      return `${field} ${message}`;
    });
  }
  const points = document.channels.map(({ point }) => point);
  return points.flatMap((point, index) =>
    points.indexOf(point) < index ? [`channels.${index}.point is ${point}: expected each channel once`] : [],
  );
}

/**
 * Why a calibration is not that of these channels; undefined when it is. It covers all of them and no other: what is
 * half calibrated would be told as a whole.
 */
export function misfitOf({ channels }: Pick<Calibration, 'channels'>, points: readonly string[]): string | undefined {
  const given = new Set(channels.map(({ point }) => point));
  const missing = points.filter((point) => !given.has(point));
  const foreign = [...given].filter((point) => !points.includes(point));
  if (missing.length + foreign.length === 0) return undefined;
  const parts = [
    ...(missing.length > 0 ? [`without ${missing.join(', ')}`] : []),
    ...(foreign.length > 0 ? [`with ${foreign.join(', ')}, which is not sampled here`] : []),
  ];
  return `${channels.length} channels ${parts.join(' and ')}: expected ${points.join(', ')}`;
}

export const calibrationIdOf = (deviceId: string, version: number): string => `${deviceId}-k${version}`;

export const captureCalibrationOf = ({ id, version, calibratedAt, by, channels }: Calibration): CaptureCalibration => ({
  id,
  version,
  calibratedAt,
  by,
  channels: channels.map(({ point, gain, offset, phaseUs }) => ({ point, gain, offset, phaseUs })),
});

/** Phase error of a channel in degrees of the mains as the time it is late. */
export const phaseUsOf = (phaseDeg: number, mainsHz: number): number => (phaseDeg / 360 / mainsHz) * 1e6;

/** One word for a file: `D1-k2@2026-11-22T08:00:00.000Z`, or `none`. */
export const calibrationWord = (calibration: Pick<CaptureCalibration, 'id' | 'calibratedAt'> | 'none'): string =>
  calibration === 'none' ? 'none' : `${calibration.id}@${new Date(calibration.calibratedAt).toISOString()}`;
