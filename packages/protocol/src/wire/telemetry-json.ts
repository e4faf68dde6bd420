import { discard, shortText, type Discarded } from './discarded.ts';
import { isJsonObject, parseJsonObject, type JsonObject } from './json-object.ts';
import { isName } from './plain-text.ts';
import { Rejections } from './rejections.ts';
import { readIdentity, readInstant, type ReportIdentity } from './report-identity.ts';
import { readBatchInstants, readColumns, telemetryOf, type Columns } from './telemetry-rows.ts';
import {
  batchSizeProblem,
  maxTelemetryPoints,
  type Telemetry,
  type TelemetryFlag,
  type TelemetryMessage,
  type TelemetryRow,
} from './telemetry-message.ts';
import { encodeUtf8 } from './utf8.ts';

/** Decodes the JSON forms of telemetry; see `decodeTelemetry`. */
export function decodeJsonTelemetry(bytes: Uint8Array): Telemetry | Discarded {
  const parsed = parseJsonObject(bytes);
  if (parsed.kind === 'discarded') return parsed;
  const identity = readIdentity(parsed.object);
  if ('kind' in identity) return identity;
  const flags: TelemetryFlag[] = parsed.hasDuplicateKeys ? ['duplicateKeys'] : [];
  return 'rows' in parsed.object
    ? decodeBatch(parsed.object, identity, flags)
    : decodeSingle(parsed.object, identity, flags);
}

/** JSON payload of one row without batch fields: `{"epoch","seq","at","values":{…}}`; unknown values are left out. */
export function encodeSingleTelemetry(message: {
  readonly epoch?: string;
  readonly seq?: number;
  readonly at?: number;
  readonly values: Readonly<Record<string, number>>;
}): Uint8Array<ArrayBuffer> {
  const values = Object.fromEntries(Object.entries(message.values).filter(([, value]) => Number.isFinite(value)));
  return encodeUtf8(JSON.stringify({ epoch: message.epoch, seq: message.seq, at: message.at, values }));
}

/** JSON payload of a batch: `{"epoch","seq","at0","periodMs","points":[…],"rows":[[…],…]}`; unknown = null. */
export function encodeBatchTelemetry(message: TelemetryMessage): Uint8Array<ArrayBuffer> {
  const { epoch, seq, at0, periodMs, points } = message;
  // JSON.stringify writes NaN and infinities as null, which is what unknown is in a row.
  const rows = message.rows.map((row) => Array.from(row));
  return encodeUtf8(JSON.stringify({ epoch, seq, at0, periodMs, points, rows }));
}

function decodeSingle(object: JsonObject, identity: ReportIdentity, flags: TelemetryFlag[]): Telemetry | Discarded {
  const given = object['values'];
  if (!isJsonObject(given)) {
    return discard(
      given === undefined ? 'missingField' : 'invalidField',
      `values is ${shortText(given)}, an object expected`,
    );
  }
  const entries = Object.entries(given);
  if (entries.length > maxTelemetryPoints) {
    return discard('limitExceeded', `${entries.length} values, at most ${maxTelemetryPoints} expected`);
  }
  const rejections = new Rejections();
  const points: string[] = [];
  const values: number[] = [];
  for (const [point, value] of entries) {
    if (!isName(point)) {
      rejections.add(point, 'invalidPointName', value);
      continue;
    }
    const number = readNumber(value, point, rejections);
    if (Number.isNaN(number)) continue;
    points.push(point);
    values.push(number);
  }
  const at = readInstant(object['at']);
  if (typeof at === 'string') flags.push(at);
  const row = { ...(typeof at === 'number' ? { at } : {}), values: new Float64Array(values) };
  return telemetryOf(identity, points, [row], rejections, flags);
}

function decodeBatch(object: JsonObject, identity: ReportIdentity, flags: TelemetryFlag[]): Telemetry | Discarded {
  const { points: names, rows } = object;
  if (!Array.isArray(names)) return discard('invalidField', `points is ${shortText(names)}, an array expected`);
  if (!Array.isArray(rows)) return discard('invalidField', `rows is ${shortText(rows)}, an array expected`);
  const sizeProblem = batchSizeProblem(names.length, rows.length);
  if (sizeProblem !== undefined) return discard('limitExceeded', sizeProblem);
  const rejections = new Rejections();
  const columns = readColumns(names, rejections);
  const instants = readBatchInstants({ at0: object['at0'], periodMs: object['periodMs'] }, rows.length, flags);
  const decoded = rows.map((row: unknown, index): TelemetryRow => {
    const values = readRow(row, index, names.length, columns, rejections);
    const at = instants(index);
    return at === undefined ? { values } : { at, values };
  });
  return telemetryOf(identity, columns.points, decoded, rejections, flags);
}

function readRow(row: unknown, index: number, width: number, columns: Columns, rejections: Rejections): Float64Array {
  const values = new Float64Array(columns.points.length).fill(NaN);
  if (!Array.isArray(row)) {
    rejections.add('', 'rowNotArray', row, index);
    return values;
  }
  if (row.length > width) rejections.add('', 'rowTooLong', row, index);
  if (row.length < width) rejections.add('', 'rowTooShort', row, index);
  columns.points.forEach((point, column) => {
    values[column] = readNumber(row[columns.source[column] as number], point, rejections, index);
  });
  return values;
}

/** A finite number, or NaN for unknown; anything else is refused and unknown. */
function readNumber(value: unknown, point: string, rejections: Rejections, row?: number): number {
  if (value === null || value === undefined) return NaN;
  if (typeof value !== 'number') {
    rejections.add(point, 'notNumber', value, row);
    return NaN;
  }
  if (!Number.isFinite(value)) {
    rejections.add(point, 'notFinite', value, row);
    return NaN;
  }
  return value;
}
