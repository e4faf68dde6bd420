import { hash } from 'node:crypto';
import {
  canonicalJson,
  type BatchReport,
  type DeviceLifeState,
  type ImportProblem,
  type Venue,
} from '@fengsui/protocol';
import { defaultOrganisation } from '../registry/default-organisation.ts';
import { lifeOf } from '../registry/device-life.ts';
import { newDeviceRecord } from '../registry/new-device.ts';
import type { DeviceHistoryLine, DeviceRecord, RegistryChange } from '../registry/registry-change.ts';
import { RegistryRefusal } from '../registry/registry-refusal.ts';
import type { Registry } from '../registry/registry.ts';
import type { BatchDraft, DraftRow } from './batch-draft.ts';
import type { KeptBatch } from './factory-change.ts';
import type { FactoryFinding } from './findings.ts';
import { CLOCK_AHEAD_MS, judgeCalibration } from './judge-calibration.ts';
import { judgeTests } from './judge-tests.ts';

export type BatchPlan = { readonly report: BatchReport; readonly changes: readonly RegistryChange[] };

export const STOCK_VENUE = 'stock';
const PROBLEMS_SHOWN = 1_000;
/** A device in one of these is still in the hands of the factory. */
const AT_THE_FACTORY: ReadonlySet<DeviceLifeState> = new Set(['produced', 'tested', 'inStock']);

/** What a batch would do to the registry; with a single problem it does nothing. */
export function planBatch(registry: Registry, draft: BatchDraft, by: string, at: number): BatchPlan {
  return new BatchPlanner(registry, draft, by, at).plan();
}

class BatchPlanner {
  readonly #registry: Registry;
  readonly #draft: BatchDraft;
  readonly #by: string;
  readonly #at: number;
  readonly #problems: ImportProblem[];
  readonly #changes: RegistryChange[] = [];
  readonly #serials = new Map<string, string>();
  readonly #counts = { added: 0, retested: 0, unchanged: 0, passed: 0, failed: 0, calibrations: 0 };

  constructor(registry: Registry, draft: BatchDraft, by: string, at: number) {
    this.#registry = registry;
    this.#draft = draft;
    this.#by = by;
    this.#at = at;
    this.#problems = [...draft.problems];
  }

  plan(): BatchPlan {
    const { rows } = this.#draft;
    const batch = this.#batch();
    const venue = batch === undefined ? undefined : this.#venue(batch);
    if (batch !== undefined && venue !== undefined)
      for (const row of rows) if (!this.#isTwice(row)) this.#row(row, batch, venue);
    const isSound = this.#problems.length === 0;
    const report: BatchReport = {
      applied: false,
      ...(batch !== undefined && { batchId: batch.id }),
      rows: rows.length,
      ...this.#counts,
      problemCount: this.#problems.length,
      problems: this.#problems.slice(0, PROBLEMS_SHOWN),
    };
    return { report, changes: isSound ? this.#changes : [] };
  }

  #find(findings: readonly FactoryFinding[]): void {
    for (const { place, column, value, code, message, fix } of findings) {
      const said = value === undefined ? {} : { value: value.slice(0, 120) };
      this.#problems.push({ sheet: place.sheet, row: place.row, column, ...said, code, message, fix });
    }
  }

  #problem(place: DraftRow['place'], column: string, code: string, message: string, fix: string, value?: string): void {
    this.#find([{ place, column, code, message, fix, ...(value !== undefined && { value }) }]);
  }

  #batch(): KeptBatch | undefined {
    const { batch, batchPlace: place } = this.#draft;
    if (batch === undefined) return undefined;
    const { id, model, venueId = STOCK_VENUE, by = this.#by, note } = batch;
    const producedAt = Date.parse(batch.producedAt);
    if (!(producedAt <= this.#at + CLOCK_AHEAD_MS)) {
      this.#problem(
        place,
        'producedAt',
        'invalidInstant',
        `producedAt is ${batch.producedAt}`,
        'write an instant with offset that is not ahead',
      );
      return undefined;
    }
    const models = this.#registry.models().map((known) => known.id);
    if (!models.includes(model)) {
      this.#problem(
        place,
        'model',
        'unknownModel',
        `model ${model} is unknown`,
        `known are ${models.join(', ')}`,
        model,
      );
      return undefined;
    }
    const known = this.#registry.factory.batch(id);
    if (known !== undefined && known.model !== model) {
      this.#problem(place, 'model', 'otherBatch', `batch ${id} is one of ${known.model}`, 'take another number', model);
      return undefined;
    }
    if (known !== undefined) return known;
    const created: KeptBatch = {
      id,
      model,
      venueId,
      producedAt,
      by,
      createdAt: this.#at,
      createdBy: this.#by,
      ...(note !== undefined && { note }),
    };
    this.#changes.push({ kind: 'batchPut', batch: created });
    return created;
  }

  /** The store room of before there is another: nobody has to think of it before the first batch. */
  #venue({ venueId }: KeptBatch): Venue | undefined {
    const known = this.#registry.venue(venueId);
    if (known !== undefined) return known;
    if (venueId !== STOCK_VENUE) {
      this.#problem(
        this.#draft.batchPlace,
        'venueId',
        'unknownVenue',
        `venue ${venueId} does not exist`,
        `register it, or leave it empty for ${STOCK_VENUE}`,
        venueId,
      );
      return undefined;
    }
    if (this.#registry.organisation(defaultOrganisation.id) === undefined)
      this.#changes.unshift({ kind: 'organisationPut', organisation: defaultOrganisation });
    const venue: Venue = {
      id: STOCK_VENUE,
      name: '成品库',
      nameEn: 'Stock',
      class: 'enterprise',
      life: 'planned',
      origin: 'live',
      organisationId: defaultOrganisation.id,
    };
    this.#changes.push({ kind: 'venuePut', venue });
    return venue;
  }

  #isTwice({ row: { serial, deviceId = serial }, place }: DraftRow): boolean {
    for (const [column, word] of [
      ['serial', serial],
      ['deviceId', deviceId],
    ] as const) {
      const first = this.#serials.get(`${column}/${word}`);
      if (first === undefined) {
        this.#serials.set(`${column}/${word}`, `row ${place.row}`);
        continue;
      }
      this.#problem(
        place,
        column,
        'serialTwice',
        `${column} ${word} stands in ${first} already`,
        'delete one of the two rows',
        word,
      );
      return true;
    }
    return false;
  }

  #row({ row, place, testPlaces, channelPlaces }: DraftRow, batch: KeptBatch, venue: Venue): void {
    const { serial, deviceId = serial, firmware, result, note } = row;
    const before = this.#problems.length;
    const testedAt = Date.parse(row.testedAt);
    if (!(testedAt <= this.#at + CLOCK_AHEAD_MS))
      this.#problem(
        place,
        'testedAt',
        'invalidInstant',
        `${serial}: testedAt is ${row.testedAt}`,
        'write an instant with offset that is not ahead',
      );
    const { factory } = this.#registry;
    const rules = this.#registry.model(batch.model)?.factory;
    const known = this.#registry.device(deviceId);
    const holder = factory.deviceOfSerial(serial);
    if (holder !== undefined && holder !== deviceId)
      this.#problem(
        place,
        'serial',
        'serialTwice',
        `serial ${serial} is that of device ${holder}`,
        'give each device its own',
        serial,
      );
    if (known !== undefined) this.#checkKnown(known, serial, batch, place);
    const { calibration: _apart, ...tested } = row;
    const digest = digestOf(tested);
    const newest = factory.result(deviceId);
    const isNewResult = newest?.digest !== digest;
    if (isNewResult && newest !== undefined && testedAt <= newest.testedAt)
      this.#problem(
        place,
        'testedAt',
        'olderResult',
        `${serial}: testedAt is not after ${new Date(newest.testedAt).toISOString()}, its newest result`,
        'a result is added, never changed: test again',
      );
    const judged = judgeTests(row, rules, place, testPlaces);
    this.#find(judged.findings);
    if (
      result === 'pass' &&
      rules?.calibration !== undefined &&
      row.calibration === undefined &&
      factory.calibration(deviceId) === undefined
    )
      this.#problem(
        place,
        'calibration',
        'calibrationMissing',
        `${serial} has no calibration`,
        'a device of this model passes with one',
      );
    const calibration = this.#calibration(row, deviceId, rules?.calibration, place, channelPlaces);
    if (this.#problems.length > before) return;
    this.#counts[result === 'pass' ? 'passed' : 'failed']++;
    const venueId = known?.venueId ?? venue.id;
    if (isNewResult) {
      const record = known ?? this.#newDevice(deviceId, batch, venue);
      this.#live(record, row, batch, known === undefined);
      this.#changes.push({
        kind: 'endOfLinePut',
        result: {
          deviceId,
          number: (newest?.number ?? 0) + 1,
          venueId,
          batchId: batch.id,
          serial,
          testedAt,
          result,
          recordedAt: this.#at,
          by: this.#by,
          tests: judged.tests,
          digest,
          ...(firmware !== undefined && { firmware }),
          ...(note !== undefined && { note }),
        },
      });
    }
    if (calibration !== undefined) {
      this.#counts.calibrations++;
      this.#changes.push(...calibrationChanges(calibration, venueId, this.#by, this.#at));
    }
    if (known === undefined) this.#counts.added++;
    else this.#counts[isNewResult || calibration !== undefined ? 'retested' : 'unchanged']++;
  }

  #checkKnown(known: DeviceRecord, serial: string, batch: KeptBatch, place: DraftRow['place']): void {
    const other = this.#registry.factory.result(known.id)?.batchId ?? batch.id;
    if (known.model !== batch.model)
      this.#problem(
        place,
        'serial',
        'otherModel',
        `device ${known.id} is registered as ${known.model}`,
        `expected ${batch.model}`,
        serial,
      );
    else if (other !== batch.id)
      this.#problem(
        place,
        'serial',
        'serialElsewhere',
        `device ${known.id} is of batch ${other}`,
        'send it with its own batch',
        serial,
      );
    else if (!AT_THE_FACTORY.has(lifeOf(known)))
      this.#problem(
        place,
        'serial',
        'deviceInUse',
        `device ${known.id} is ${lifeOf(known)}`,
        'take it back to stock before it is tested again',
        serial,
      );
  }

  #calibration(
    { calibration: measured }: DraftRow['row'],
    deviceId: string,
    rules: Parameters<typeof judgeCalibration>[1],
    place: DraftRow['place'],
    places: DraftRow['channelPlaces'],
  ): NewlyCalibrated | undefined {
    if (measured === undefined) return undefined;
    const newest = this.#registry.factory.calibration(deviceId);
    const digest = digestOf(measured);
    if (newest?.digest === digest) return undefined;
    const asked = { deviceId, version: (newest?.version ?? 0) + 1, by: this.#by, at: this.#at, place };
    const { calibration, findings } = judgeCalibration(measured, rules, {
      ...asked,
      ...(places !== undefined && { places }),
    });
    this.#find(findings);
    if (newest !== undefined && calibration.calibratedAt <= newest.calibratedAt)
      this.#problem(
        place,
        'calibratedAt',
        'olderCalibration',
        `${deviceId}: calibratedAt is not after ${new Date(newest.calibratedAt).toISOString()}, its newest calibration`,
        'a calibration is added, never changed',
      );
    return { calibration, digest };
  }

  #newDevice(deviceId: string, batch: KeptBatch, venue: Venue): DeviceRecord {
    // Its secret is nobody's: a claim code gets it another one.
    const { record } = newDeviceRecord(
      this.#registry,
      { id: deviceId, model: batch.model, venueId: venue.id, life: 'produced' },
      venue,
    );
    this.#history({ deviceId, kind: 'registered', to: 'produced' }, batch);
    return record;
  }

  /** produced → tested → in stock; one that fails goes no further than tested. */
  #live(record: DeviceRecord, { serial, result, note }: DraftRow['row'], batch: KeptBatch, isNew: boolean): void {
    const from = lifeOf(record);
    const path: readonly DeviceLifeState[] =
      result === 'fail'
        ? from === 'tested'
          ? []
          : ['tested']
        : from === 'inStock'
          ? []
          : from === 'tested'
            ? ['inStock']
            : ['tested', 'inStock'];
    const life = path.at(-1) ?? from;
    const device: DeviceRecord = { ...record, life, batchId: batch.id, ...(serial !== record.id && { serial }) };
    if (isNew || path.length > 0 || record.batchId !== batch.id) this.#changes.push({ kind: 'devicePut', device });
    this.#history(
      {
        deviceId: record.id,
        kind: 'endOfLine',
        passed: result === 'pass',
        ...(note !== undefined && { reason: note }),
      },
      batch,
    );
    path.reduce((before, to) => {
      this.#history({ deviceId: record.id, kind: 'life', from: before, to }, batch);
      return to;
    }, from);
  }

  #history(line: Omit<DeviceHistoryLine, 'at' | 'by'>, { id }: KeptBatch): void {
    const own: DeviceHistoryLine = { ...line, reason: line.reason ?? `batch ${id}`, at: this.#at, by: this.#by };
    this.#changes.push({ kind: 'deviceHistory', line: own });
  }
}

export type NewlyCalibrated = Pick<ReturnType<typeof judgeCalibration>, 'calibration'> & { readonly digest: string };

/** A calibration and the line of the device's history that tells of it. */
export function calibrationChanges(
  { calibration, digest }: NewlyCalibrated,
  venueId: string,
  by: string,
  at: number,
): RegistryChange[] {
  const { deviceId, id, instrument } = calibration;
  const reason = `${id}, ${instrument.serial}`;
  return [
    { kind: 'calibrationPut', kept: { calibration, venueId, recordedAt: at, recordedBy: by, digest } },
    { kind: 'deviceHistory', line: { deviceId, at, by, kind: 'calibrated', reason } },
  ];
}

export const digestOf = (value: object): string => hash('sha256', canonicalJson(value)).slice(0, 32);

/** @throws RegistryRefusal naming the first problem. */
export function refuseFindings([first]: readonly FactoryFinding[]): void {
  if (first !== undefined) throw new RegistryRefusal(first.code, `${first.message}; ${first.fix}`);
}
