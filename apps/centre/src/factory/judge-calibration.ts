import {
  calibrationIdOf,
  phaseUsOf,
  type Calibration,
  type ModelFactory,
  type NewCalibration,
} from '@fengsui/protocol';
import type { FactoryFinding, RowPlace } from './findings.ts';

const DAY_MS = 86_400_000;
/** Degrees of a phase error are of this mains: the country's. */
const MAINS_HZ = 50;
/** The clock of a tester may be so far ahead. */
export const CLOCK_AHEAD_MS = 5 * 60_000;

type Asked = {
  readonly deviceId: string;
  readonly version: number;
  readonly by: string;
  /** Now, epoch ms. */
  readonly at: number;
  readonly place: RowPlace;
  readonly places?: readonly RowPlace[];
};

/** A measured calibration as the device gets it, when its model says that it can be true. */
export function judgeCalibration(
  measured: NewCalibration,
  rules: ModelFactory['calibration'],
  { deviceId, version, by, at, place, places = [] }: Asked,
): { readonly calibration: Calibration; readonly findings: readonly FactoryFinding[] } {
  const findings: FactoryFinding[] = [];
  const add = (where: RowPlace, column: string, code: string, message: string, fix: string, value?: number | string) =>
    void findings.push({
      place: where,
      column,
      code,
      message: `${deviceId}: ${message}`,
      fix,
      ...(value !== undefined && { value: String(value) }),
    });
  const calibratedAt = Date.parse(measured.calibratedAt);
  if (!(calibratedAt <= at + CLOCK_AHEAD_MS))
    add(
      place,
      'calibratedAt',
      'invalidInstant',
      `calibratedAt is ${measured.calibratedAt}`,
      'write an instant with offset that is not ahead',
      measured.calibratedAt,
    );
  if (rules === undefined)
    add(
      place,
      'calibration',
      'notCalibrated',
      'its model knows no calibration',
      'add factory.calibration to the model',
    );
  const seen = new Set<string>();
  const channels = measured.channels.map((channel, index) => {
    const { point, gain, offset = 0, phaseUs, phaseDeg, reference } = channel;
    const where = places[index] ?? place;
    const known = rules?.channels.find((candidate) => candidate.point === point);
    if (rules !== undefined && known === undefined)
      add(
        where,
        'channel',
        'unknownChannel',
        `${point} is no channel of the model`,
        `name one of ${rules.channels.map((rule) => rule.point).join(', ')}`,
        point,
      );
    if (seen.has(point)) add(where, 'channel', 'channelTwice', `${point} stands twice`, 'delete one of the two', point);
    seen.add(point);
    if (phaseUs !== undefined && phaseDeg !== undefined)
      add(where, 'phaseDeg', 'phaseTwice', `${point} has its phase error in µs and in degrees`, 'give one of them');
    const late = phaseUs ?? (phaseDeg === undefined ? 0 : phaseUsOf(phaseDeg, MAINS_HZ));
    for (const [column, code, value, range] of [
      ['gain', 'gainImplausible', gain, rules?.gain],
      ['offset', 'offsetImplausible', offset, known?.offset],
      ['phaseUs', 'phaseImplausible', late, rules?.phaseUs],
    ] as const)
      if (range !== undefined && !(value >= range.min && value <= range.max))
        add(
          where,
          column,
          code,
          `${point}: ${column} is ${value}`,
          `expected ${range.min} to ${range.max}: measure again, or repair the channel`,
          value,
        );
    return { point, gain, offset, phaseUs: late, ...(reference !== undefined && { reference }) };
  });
  const missing = (rules?.channels ?? []).filter(({ point, optional }) => optional !== true && !seen.has(point));
  for (const { point } of missing)
    add(
      place,
      'channel',
      'channelMissing',
      `${point} is not calibrated`,
      'calibrate every channel that the model asks for',
      point,
    );
  const { instrument, temperatureC } = measured;
  const calibration: Calibration = {
    id: calibrationIdOf(deviceId, version),
    deviceId,
    version,
    calibratedAt,
    by: measured.by ?? by,
    instrument,
    ...(temperatureC !== undefined && { temperatureC }),
    ...(rules?.validDays !== undefined && { validUntil: calibratedAt + rules.validDays * DAY_MS }),
    channels,
  };
  return { calibration, findings };
}
