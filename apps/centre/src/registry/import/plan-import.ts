import {
  importSheets,
  type Area,
  type ImportProblem,
  type ImportReport,
  type ImportSheet,
  type Organisation,
  type Venue,
} from '@fengsui/protocol';
import { nearestWord } from '../../platform/nearest-word.ts';
import { createSecret, hashSecret } from '../../intake/device-secret.ts';
import { areaParentProblem } from '../area-tree.ts';
import { lifeOf } from '../device-life.ts';
import { defaultOrganisation } from '../default-organisation.ts';
import type { DeviceRecord, RegistryChange } from '../registry-change.ts';
import type { Registry } from '../registry.ts';
import { sameJson } from '../same-json.ts';
import type { Sheet } from '../workbook/sheet.ts';
import { areaOf, circuitOf, contactOf, deviceOf, organisationOf, venueOf } from './draft.ts';
import { circuitFindings, identityFindings, venueFindings } from './findings.ts';
import { readTables, type ImportRow, type ImportTables } from './read-rows.ts';

export type ImportPlan = { readonly report: ImportReport; readonly changes: readonly RegistryChange[] };

const PROBLEMS_SHOWN = 1_000;

/** What a workbook would do to the registry; with a single problem it does nothing. */
export function planImport(registry: Registry, sheets: readonly Sheet[], by: string, at: number): ImportPlan {
  return new ImportPlanner(registry, sheets, by, at).plan();
}

/** Sheet by sheet in the order of what refers to what; later rows may name objects of earlier sheets. */
class ImportPlanner {
  readonly #registry: Registry;
  readonly #tables: ImportTables;
  readonly #problems: ImportProblem[];
  readonly #by: string;
  readonly #at: number;
  readonly #changes: RegistryChange[] = [];
  readonly #secrets: { deviceId: string; secret: string }[] = [];
  readonly #counts = new Map<ImportSheet, { added: number; changed: number; unchanged: number }>();
  readonly #organisations = new Map<string, Organisation>();
  readonly #venues = new Map<string, Venue>();
  readonly #areas = new Map<string, Area>();
  readonly #devices = new Map<string, DeviceRecord>();

  constructor(registry: Registry, sheets: readonly Sheet[], by: string, at: number) {
    this.#registry = registry;
    const { tables, problems } = readTables(sheets);
    this.#tables = tables;
    this.#problems = [...problems];
    this.#by = by;
    this.#at = at;
  }

  plan(): ImportPlan {
    this.#each('organisations', (row) => this.#organisation(row));
    this.#each('venues', (row) => this.#venue(row));
    this.#each('contacts', (row) => this.#contact(row));
    this.#areaRows();
    this.#deviceRows();
    this.#each('circuits', (row) => this.#circuit(row));
    const isSound = this.#problems.length === 0;
    const report: ImportReport = {
      applied: false,
      sheets: importSheets
        .filter((sheet) => this.#tables[sheet].rows.length > 0)
        .map((sheet) => ({
          sheet,
          rows: this.#tables[sheet].rows.length,
          ...(this.#counts.get(sheet) ?? { added: 0, changed: 0, unchanged: 0 }),
        })),
      problemCount: this.#problems.length,
      problems: inOrder(this.#problems).slice(0, PROBLEMS_SHOWN),
      ...(isSound && this.#secrets.length > 0 && { secrets: this.#secrets }),
    };
    return { report, changes: isSound ? this.#changes : [] };
  }

  /** Every row with an id of its own, the second one with the same id being a problem. */
  #each(sheet: ImportSheet, work: (row: ImportRow) => void): void {
    const seen = new Map<string, number>();
    for (const row of this.#tables[sheet].rows) {
      const key = keyOf(sheet, row);
      const first = key === undefined ? undefined : seen.get(key);
      if (key !== undefined && first !== undefined) {
        const column = sheet === 'circuits' ? 'prefix' : 'id';
        this.#problem(
          sheet,
          row,
          column,
          'twice',
          `${key} stands in row ${first} already`,
          'delete one of the two rows',
        );
        continue;
      }
      if (key !== undefined) seen.set(key, row.number);
      work(row);
    }
  }

  #problem(sheet: ImportSheet, row: ImportRow, key: string, code: string, message: string, fix: string): void {
    const cell = row.cells[key];
    this.#problems.push({
      sheet: this.#tables[sheet].sheet,
      row: row.number,
      column: cell?.heading ?? key,
      ...(cell !== undefined && { value: cell.text.slice(0, 120) }),
      code,
      message,
      fix,
    });
  }

  /** Counts an object, and writes it when it is not already so. */
  #put(sheet: ImportSheet, known: object | undefined, object: object, change: RegistryChange): boolean {
    const counts = this.#counts.get(sheet) ?? { added: 0, changed: 0, unchanged: 0 };
    this.#counts.set(sheet, counts);
    if (known === undefined) counts.added++;
    else if (sameJson(known, object)) {
      counts.unchanged++;
      return false;
    } else counts.changed++;
    this.#changes.push(change);
    return true;
  }

  #organisation(row: ImportRow): void {
    const id = row.values['id'];
    if (typeof id !== 'string') return;
    const organisation = organisationOf(this.#registry, row);
    this.#organisations.set(id, organisation);
    const { parentId } = organisation;
    const isKnown = parentId === undefined || this.#findOrganisation(parentId) !== undefined;
    const rows = this.#tables.organisations.rows;
    if (!isKnown && !rows.some(({ values }) => values['id'] === parentId))
      this.#unknown(
        'organisations',
        row,
        'parentId',
        parentId,
        'organisation',
        rows.map(({ values }) => values['id']),
      );
    if (row.isSound)
      this.#put('organisations', this.#registry.organisation(id), organisation, {
        kind: 'organisationPut',
        organisation,
      });
  }

  #findOrganisation(id: string): Organisation | undefined {
    return this.#organisations.get(id) ?? this.#registry.organisation(id);
  }

  #venue(row: ImportRow): void {
    const id = row.values['id'];
    if (typeof id !== 'string') return;
    const venue = venueOf(this.#registry, row, this.#organisations, defaultOrganisation.id);
    this.#venues.set(id, venue);
    if (this.#findOrganisation(venue.organisationId) === undefined) {
      if (venue.organisationId === defaultOrganisation.id) {
        this.#organisations.set(defaultOrganisation.id, defaultOrganisation);
        this.#changes.push({ kind: 'organisationPut', organisation: defaultOrganisation });
      } else {
        const known = [
          ...this.#organisations.keys(),
          ...this.#registry.organisations({ venues: 'all' }).map((o) => o.id),
        ];
        this.#unknown('venues', row, 'organisationId', venue.organisationId, 'organisation', known);
      }
    }
    if (!row.isSound) return;
    const known = this.#registry.venue(id);
    const findings = venueFindings(known, venue);
    for (const { key, code, message, fix } of findings) this.#problem('venues', row, key, code, message, fix);
    if (findings.every(({ key }) => key !== 'life')) this.#put('venues', known, venue, { kind: 'venuePut', venue });
  }

  /** The venue a row names; a problem and undefined when there is none. */
  #venueOf(sheet: ImportSheet, row: ImportRow): Venue | undefined {
    const id = row.values['venueId'];
    if (typeof id !== 'string') return undefined;
    const venue = this.#venues.get(id) ?? this.#registry.venue(id);
    if (venue === undefined) this.#unknown(sheet, row, 'venueId', id, 'venue', this.#venueIds());
    return venue;
  }

  #venueIds(): readonly string[] {
    return [...this.#venues.keys(), ...this.#registry.venues({ venues: 'all' }).map(({ id }) => id)];
  }

  #unknown(
    sheet: ImportSheet,
    row: ImportRow,
    column: string,
    id: string | undefined,
    what: string,
    known: readonly unknown[],
  ): void {
    const names = known.filter((name) => typeof name === 'string');
    const nearest = names.length === 0 || id === undefined ? undefined : nearestWord(id, names.slice(0, 5_000));
    const guess = nearest === undefined ? '' : `did you mean ${nearest}? Else `;
    const article = /^[aeiou]/.test(what) ? 'an' : 'a';
    this.#problem(
      sheet,
      row,
      column,
      `unknown${what[0]?.toUpperCase() ?? ''}${what.slice(1)}`,
      `${column} is ${JSON.stringify(id)}: there is no such ${what}`,
      `${guess}add ${article} ${what} with this id`,
    );
  }

  #contact(row: ImportRow): void {
    const venue = this.#venueOf('contacts', row);
    if (venue === undefined || !row.isSound) return;
    const contact = contactOf(this.#registry, row);
    this.#put('contacts', this.#registry.contact(contact.id), contact, { kind: 'contactPut', contact });
  }

  #areaRows(): void {
    for (const row of this.#tables.areas.rows) {
      if (typeof row.values['id'] === 'string') this.#areas.set(row.values['id'], areaOf(this.#registry, row));
    }
    this.#each('areas', (row) => {
      const venue = this.#venueOf('areas', row);
      const id = row.values['id'];
      if (venue === undefined || typeof id !== 'string') return;
      const area = areaOf(this.#registry, row);
      const known = this.#registry.area(id);
      if (known !== undefined && known.venueId !== venue.id)
        this.#problem(
          'areas',
          row,
          'venueId',
          'areaElsewhere',
          `area ${id} belongs to venue ${known.venueId}`,
          'take another id',
        );
      const tree = areaParentProblem(area, (other) => this.#areas.get(other) ?? this.#registry.area(other));
      if (tree !== undefined)
        this.#problem(
          'areas',
          row,
          'parentId',
          'invalidParent',
          tree,
          `name an area of venue ${venue.id}, or leave it empty`,
        );
      if (row.isSound) this.#put('areas', known, area, { kind: 'areaPut', area });
    });
  }

  /** Gateways first: a child may stand above its gateway in the sheet. */
  #deviceRows(): void {
    for (const row of this.#tables.devices.rows) {
      const { id, model, venueId } = row.values;
      const venue = this.#venues.get(String(venueId)) ?? this.#registry.venue(String(venueId));
      const known = this.#registry.model(String(model));
      if (typeof id === 'string' && venue !== undefined && known !== undefined && !this.#devices.has(id))
        this.#devices.set(id, deviceOf(this.#registry, row, venue, known.reportingIntervalMs));
    }
    const addresses = new Map<string, number>();
    this.#each('devices', (row) => this.#device(row, addresses));
  }

  #device(row: ImportRow, addresses: Map<string, number>): void {
    const venue = this.#venueOf('devices', row);
    const { id, model: modelId } = row.values;
    const model = typeof modelId === 'string' ? this.#registry.model(modelId) : undefined;
    if (typeof modelId === 'string' && model === undefined)
      this.#unknown(
        'devices',
        row,
        'model',
        modelId,
        'model',
        this.#registry.models().map((known) => known.id),
      );
    if (venue === undefined || model === undefined || typeof id !== 'string') return;
    const device = this.#devices.get(id) ?? deviceOf(this.#registry, row, venue, model.reportingIntervalMs);
    const known = this.#registry.device(id);
    const before = this.#problems.length;
    for (const { key, code, message, fix } of known === undefined ? [] : identityFindings(known, device))
      this.#problem('devices', row, key, code, message, fix);
    const failed = known === undefined ? undefined : this.#registry.factory.lifeProblem(id, lifeOf(device));
    if (failed !== undefined && known !== undefined && lifeOf(known) !== lifeOf(device))
      this.#problem('devices', row, 'life', 'endOfLineFailed', failed, `keep ${lifeOf(known)}, or test it again`);
    this.#checkPlace(row, device, venue);
    this.#checkAddress(row, device, addresses);
    if (!row.isSound || this.#problems.length > before) return;
    if (known !== undefined) {
      if (this.#put('devices', known, device, { kind: 'devicePut', device }) && lifeOf(known) !== lifeOf(device))
        this.#history({ deviceId: id, kind: 'life', from: lifeOf(known), to: lifeOf(device) });
      return;
    }
    const secret = createSecret();
    this.#secrets.push({ deviceId: id, secret });
    const created = { ...device, secretSha256: hashSecret(secret) };
    this.#put('devices', undefined, created, { kind: 'devicePut', device: created });
    this.#history({ deviceId: id, kind: 'registered', to: lifeOf(device) });
  }

  #history(
    line: Pick<Extract<RegistryChange, { kind: 'deviceHistory' }>['line'], 'deviceId' | 'kind' | 'from' | 'to'>,
  ): void {
    this.#changes.push({ kind: 'deviceHistory', line: { ...line, at: this.#at, by: this.#by, reason: 'import' } });
  }

  #checkPlace(row: ImportRow, device: DeviceRecord, venue: Venue): void {
    const { areaId, parentId } = device;
    const area = areaId === undefined ? undefined : (this.#areas.get(areaId) ?? this.#registry.area(areaId));
    if (areaId !== undefined && area?.venueId !== venue.id)
      this.#problem(
        'devices',
        row,
        'areaId',
        'unknownArea',
        `areaId is ${JSON.stringify(areaId)}: venue ${venue.id} has no such area`,
        `add the area to the sheet areas, or name one of venue ${venue.id}`,
      );
    if (parentId === undefined) return;
    const parent = this.#devices.get(parentId) ?? this.#registry.device(parentId);
    if (parent === undefined || this.#registry.model(parent.model)?.gateway !== true || parent.id === device.id)
      this.#problem(
        'devices',
        row,
        'parentId',
        'unknownParent',
        `parentId is ${JSON.stringify(parentId)}: it is no gateway`,
        'name a device whose model is a gateway (generic-gateway), or leave it empty',
      );
  }

  #checkAddress(row: ImportRow, device: DeviceRecord, addresses: Map<string, number>): void {
    const address = device.gb?.address;
    if (address === undefined) return;
    const holder = this.#registry.deviceByGbAddress(address);
    const first = addresses.get(address);
    addresses.set(address, first ?? row.number);
    if (first === undefined && (holder === undefined || holder.id === device.id)) return;
    const owner = first === undefined ? `belongs to device ${holder?.id ?? ''}` : `stands in row ${first} already`;
    this.#problem(
      'devices',
      row,
      'gbAddress',
      'gbAddressTaken',
      `address ${address} ${owner}`,
      'give each device its own',
    );
  }

  #circuit(row: ImportRow): void {
    const { deviceId, prefix } = row.values;
    if (typeof deviceId !== 'string' || typeof prefix !== 'string') return;
    const device = this.#devices.get(deviceId) ?? this.#registry.device(deviceId);
    if (device === undefined) {
      // Its own row says why it is none.
      if (!this.#tables.devices.rows.some(({ values }) => values['id'] === deviceId))
        this.#unknown('circuits', row, 'deviceId', deviceId, 'device', [...this.#devices.keys()]);
      return;
    }
    const before = this.#problems.length;
    const circuit = circuitOf(this.#registry, row, device.venueId);
    const { areaId } = circuit;
    const area = areaId === undefined ? undefined : (this.#areas.get(areaId) ?? this.#registry.area(areaId));
    const model = this.#registry.model(device.model);
    // A cell that could not be read is said already.
    for (const { key, code, message, fix } of circuitFindings(circuit, model, area, row.isSound))
      this.#problem('circuits', row, key, code, message, fix);
    if (row.isSound && this.#problems.length === before)
      this.#put('circuits', this.#registry.circuit(deviceId, prefix), circuit, { kind: 'circuitPut', circuit });
  }
}

/** As a person goes through the workbook: sheet by sheet, from top to bottom. */
function inOrder(problems: readonly ImportProblem[]): ImportProblem[] {
  const sheets = [...new Set(problems.map(({ sheet }) => sheet))];
  return [...problems].sort((a, b) => sheets.indexOf(a.sheet) - sheets.indexOf(b.sheet) || (a.row ?? 0) - (b.row ?? 0));
}

function keyOf(sheet: ImportSheet, { values }: ImportRow): string | undefined {
  if (sheet === 'circuits')
    return typeof values['deviceId'] === 'string' && typeof values['prefix'] === 'string'
      ? `${values['deviceId']}/${values['prefix']}`
      : undefined;
  return typeof values['id'] === 'string' ? values['id'] : undefined;
}
