import type { KeptCommand } from '../situation/kept-command.ts';
import type { Store } from '../store/store.ts';
import type { KeptCalibration, KeptEndOfLine } from './factory-change.ts';

/** Refusals that stay what they are, however often the device is told. docs/reference/commands.md */
const FINAL_REFUSALS = ['otherSerial', 'otherChannels', 'staleVersion', 'notEquipped', 'unknownCommand'];
const MOST_READ = 1_000;

/** The device uses it, or never will. */
export const isFinalCalibration = ({ state, code, repliedAt }: KeptCommand): boolean =>
  state === 'done' || (state === 'refused' && repliedAt !== undefined && FINAL_REFUSALS.includes(code ?? ''));

/** The calibration that a command carried. */
export const calibrationIdIn = ({ args }: Pick<KeptCommand, 'args'>): string | undefined =>
  (args as { readonly calibration?: { readonly id?: string } }).calibration?.id;

export type CalibrationErrand = { readonly id: string; readonly deviceId: string };

/** The newest calibration of every device that has not answered for good. */
export async function undeliveredCalibrations(store: Store): Promise<readonly CalibrationErrand[]> {
  const sql =
    `select k.device_id, k.id from (select distinct on (device_id) device_id, doc->'calibration'->>'id' as id ` +
    `from calibration order by device_id, version desc) k where not exists (` +
    `select 1 from command c where c.device_id = k.device_id and c.doc->>'name' = 'calibrate' ` +
    `and c.doc->'args'->'calibration'->>'id' = k.id and (c.state = 'done' ` +
    `or (c.state = 'refused' and c.doc->>'repliedAt' is not null and c.doc->>'code' = any($1::text[]))))`;
  const rows = await store.query(sql, [FINAL_REFUSALS]);
  return rows.map((row) => ({ id: row['id'] as string, deviceId: row['device_id'] as string }));
}

/** Of one device, which the caller has found in his scope; newest first. */
export async function endOfLineOf(store: Store, deviceId: string): Promise<readonly KeptEndOfLine[]> {
  const sql = 'select doc from end_of_line where device_id = $1 order by number desc limit $2';
  return (await store.query(sql, [deviceId, MOST_READ])).map(({ doc }) => doc as KeptEndOfLine);
}

/** Of one device, which the caller has found in his scope; newest first. */
export async function calibrationsOf(store: Store, deviceId: string): Promise<readonly KeptCalibration[]> {
  const sql = 'select doc from calibration where device_id = $1 order by version desc limit $2';
  return (await store.query(sql, [deviceId, MOST_READ])).map(({ doc }) => doc as KeptCalibration);
}

/** The newest command that carried a calibration of the device. */
export async function newestCalibrating(store: Store, deviceId: string): Promise<KeptCommand | undefined> {
  const sql = `select doc from command where device_id = $1 and doc->>'name' = 'calibrate' order by requested_at desc limit 1`;
  return (await store.query(sql, [deviceId]))[0]?.['doc'] as KeptCommand | undefined;
}
