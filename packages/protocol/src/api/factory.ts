import { Type, type Static } from 'typebox';
import { CalibrationChannel } from '../calibration/calibration.ts';
import { deviceLifeStates } from './device-life.ts';
import { ImportProblem } from './import.ts';
import { Instant, oneOf } from './schema.ts';

const strict = { additionalProperties: false } as const;
const WireId = Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$', description: '1 to 64 of A-Z a-z 0-9 . _ -' });
const Words = (maxLength: number, description?: string) =>
  Type.String({ minLength: 1, maxLength, ...(description !== undefined && { description }) });

/** Of one import: it is planned in one go, while reports wait. A larger batch comes in several. */
export const mostBatchRows = 5_000;

export const endOfLineResults = ['pass', 'fail'] as const;
export type EndOfLineResult = (typeof endOfLineResults)[number];

/** One measurement at the end of the line. What passes is said by the device's model, not by the tester. */
export const EndOfLineTest = Type.Object(
  {
    test: Words(40, 'id of a test of the model'),
    value: Type.Number(),
    unit: Type.String({ maxLength: 16 }),
    passed: Type.Optional(Type.Boolean({ description: 'the verdict of the tester; must be that of the limits' })),
  },
  strict,
);
export type EndOfLineTest = Static<typeof EndOfLineTest>;

/** A calibration as it is measured; version and term are the centre's. */
export const NewCalibration = Type.Object(
  {
    calibratedAt: Instant,
    by: Type.Optional(Words(128, 'who calibrated; absent: who asks')),
    instrument: Type.Object({ serial: Words(60), certificate: Words(80) }, strict),
    temperatureC: Type.Optional(Type.Number({ minimum: -60, maximum: 120 })),
    channels: Type.Array(
      Type.Object(
        {
          point: Words(64),
          gain: Type.Number(),
          offset: Type.Optional(Type.Number({ description: 'in the unit of the point; default 0' })),
          phaseUs: Type.Optional(Type.Number({ description: 'µs; default 0; or phaseDeg' })),
          phaseDeg: Type.Optional(Type.Number({ description: 'degrees of 50 Hz' })),
          reference: Type.Optional(Words(60)),
        },
        strict,
      ),
      { minItems: 1, maxItems: 64 },
    ),
  },
  strict,
);
export type NewCalibration = Static<typeof NewCalibration>;

/** One device as it leaves the line. */
export const EndOfLineRow = Type.Object(
  {
    serial: WireId,
    deviceId: Type.Optional(WireId),
    firmware: Type.Optional(Words(64)),
    testedAt: Instant,
    result: oneOf(endOfLineResults),
    note: Type.Optional(Words(300, 'needed with fail where every test passed')),
    tests: Type.Array(EndOfLineTest, { maxItems: 64 }),
    calibration: Type.Optional(NewCalibration),
  },
  strict,
);
export type EndOfLineRow = Static<typeof EndOfLineRow>;

export const NewBatch = Type.Object(
  {
    id: WireId,
    model: Words(64),
    producedAt: Instant,
    by: Type.Optional(Words(128, 'who produced; absent: who asks')),
    venueId: Type.Optional(Words(64, 'where it lies until it is installed; default stock, which is made when absent')),
    note: Type.Optional(Words(300)),
  },
  strict,
);
export type NewBatch = Static<typeof NewBatch>;

/** What a tester sends: a batch, or more rows of one that is known. */
export const BatchImport = Type.Object(
  { batch: NewBatch, devices: Type.Array(EndOfLineRow, { minItems: 1, maxItems: mostBatchRows }) },
  strict,
);
export type BatchImport = Static<typeof BatchImport>;

/** What an import would do, or has done. With problems nothing is written. */
export const BatchReport = Type.Object(
  {
    applied: Type.Boolean(),
    batchId: Type.Optional(Type.String()),
    rows: Type.Integer(),
    added: Type.Integer({ description: 'devices made' }),
    retested: Type.Integer({ description: 'known devices with a further result' }),
    unchanged: Type.Integer({ description: 'rows that are on record already' }),
    passed: Type.Integer(),
    failed: Type.Integer(),
    calibrations: Type.Integer({ description: 'calibrations added' }),
    problemCount: Type.Integer(),
    problems: Type.Array(ImportProblem, { description: 'the first 1,000' }),
  },
  { $id: 'BatchReport' },
);
export type BatchReport = Static<typeof BatchReport>;

/** A factory batch and how far its devices have come. */
export const Batch = Type.Object(
  {
    id: Type.String(),
    model: Type.String(),
    venueId: Type.String(),
    producedAt: Instant,
    by: Type.String(),
    createdAt: Instant,
    createdBy: Type.String(),
    note: Type.Optional(Type.String()),
    deviceCount: Type.Integer(),
    passedCount: Type.Integer({ description: 'newest result is pass' }),
    failedCount: Type.Integer(),
    inStockCount: Type.Integer(),
    installedCount: Type.Integer({ description: 'installed, active or under maintenance' }),
    overdueCount: Type.Integer({ description: 'whose calibration is past its term' }),
  },
  { $id: 'Batch' },
);
export type Batch = Static<typeof Batch>;

/** A device of a batch in the list. */
export const BatchDevice = Type.Object(
  {
    deviceId: Type.String(),
    serial: Type.String(),
    venueId: Type.String(),
    life: oneOf(deviceLifeStates),
    result: oneOf(endOfLineResults),
    testedAt: Instant,
    resultCount: Type.Integer({ description: 'results on record: 1 = tested once' }),
    firmware: Type.Optional(Type.String()),
    calibrationVersion: Type.Optional(Type.Integer()),
    validUntil: Type.Optional(Instant),
    overdue: Type.Optional(Type.Boolean()),
    calibrationInUse: Type.Optional(Type.String()),
  },
  { $id: 'BatchDevice' },
);
export type BatchDevice = Static<typeof BatchDevice>;

/** One result at the end of the line, as it stays on record. */
export const EndOfLineRecord = Type.Object(
  {
    deviceId: Type.String(),
    number: Type.Integer({ minimum: 1, description: 'of the device: 2 = second result' }),
    batchId: Type.String(),
    serial: Type.String(),
    firmware: Type.Optional(Type.String()),
    testedAt: Instant,
    recordedAt: Instant,
    by: Type.String(),
    result: oneOf(endOfLineResults),
    note: Type.Optional(Type.String()),
    tests: Type.Array(
      Type.Object({
        test: Type.String(),
        value: Type.Number(),
        unit: Type.String(),
        min: Type.Optional(Type.Number({ description: 'limit at that time' })),
        max: Type.Optional(Type.Number()),
        passed: Type.Boolean(),
      }),
    ),
  },
  { $id: 'EndOfLineRecord' },
);
export type EndOfLineRecord = Static<typeof EndOfLineRecord>;

export const calibrationDeliveries = ['waiting', 'sent', 'inUse', 'refused'] as const;

/** A calibration as it stays on record, and whether the device uses it. */
export const CalibrationRecord = Type.Object(
  {
    id: Type.String(),
    deviceId: Type.String(),
    version: Type.Integer({ minimum: 1 }),
    calibratedAt: Instant,
    recordedAt: Instant,
    by: Type.String(),
    recordedBy: Type.String(),
    instrument: Type.Object({ serial: Type.String(), certificate: Type.String() }),
    temperatureC: Type.Optional(Type.Number()),
    validUntil: Type.Optional(Instant),
    channels: Type.Array(CalibrationChannel),
    delivery: Type.Optional(
      Type.Object(
        {
          state: oneOf(calibrationDeliveries),
          at: Type.Optional(Instant),
          detail: Type.Optional(Type.String()),
        },
        { description: 'of the newest one' },
      ),
    ),
  },
  { $id: 'CalibrationRecord' },
);
export type CalibrationRecord = Static<typeof CalibrationRecord>;

export const batchSheets = ['batch', 'devices', 'tests', 'calibration'] as const;
export type BatchSheet = (typeof batchSheets)[number];
