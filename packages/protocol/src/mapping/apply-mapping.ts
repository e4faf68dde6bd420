import type { Level } from '@fengsui/alarm';
import { shortText } from '../wire/discarded.ts';
import { inspectJson } from '../wire/json-object.ts';
import { isWireId } from '../wire/topic.ts';
import { readForeignTime } from './foreign-time.ts';
import { decodeEmbedded } from './embedded.ts';
import { parseJsonPath, placesAt, valueAt, type JsonPath, type JsonPlace, type Surroundings } from './json-path.ts';
import type { AnyMapping, Mapping, MappedCondition, MappedValue } from './mapping.ts';
import { matchesTopic } from './topic-filter.ts';

/** What one report says of one device. `at`: epoch ms, absent when the message has no usable time. */
export type MappedStatement = {
  readonly deviceId: string;
  readonly at?: number;
  /** Names the message it comes from, when the mapping says how: it counts once. */
  readonly key?: string;
} & (
  | { readonly kind: 'values'; readonly values: Readonly<Record<string, number>> }
  | {
      readonly kind: 'condition';
      readonly eventKind: string;
      readonly point: string;
      readonly level: Level;
      readonly active: boolean;
    }
);

export const unmappedReasons = [
  'notJson',
  'tooDeep',
  'tooLarge',
  'embeddedNotJson',
  'embeddedUnreadable',
  'noVariant',
  'noReports',
  'tooManyReports',
  'deviceMissing',
  'deviceNotInTable',
  'deviceInvalid',
  'valueNotNumber',
  'unitMismatch',
  'caseMissing',
  'nothingMapped',
] as const;
export type UnmappedReason = (typeof unmappedReasons)[number];

/** A part of a message that became nothing. */
export type Unmapped = {
  /** Number of the report in the message, from 0; absent = the message as a whole. */
  readonly report?: number;
  /** Path of the mapping that met it. */
  readonly field: string;
  readonly reason: UnmappedReason;
  /** What was found, in at most 80 characters. */
  readonly value: string;
};

export type MappingResult = {
  readonly statements: readonly MappedStatement[];
  /** At most 100 of them; `unmappedCount` has all. */
  readonly unmapped: readonly Unmapped[];
  readonly unmappedCount: number;
  /** Times and keys that could not be read: the statement goes on without them. At most 100. */
  readonly warnings: readonly string[];
};

export const deepestForeignBody = 32;
const MOST_MEMBERS = 50_000;
const MOST_REPORTS = 1_000;
const MOST_STATEMENTS = 4_096;
const MOST_LISTED = 100;
const LONGEST_KEY = 200;

/** A message as its door has it: the parsed JSON, or with `text` what could not be parsed, and the MQTT topic it came on. */
export type ForeignMessage = {
  readonly json?: { readonly value: unknown };
  readonly text?: string;
  readonly topic?: string;
};

/** Applies a mapping to a parsed message. Pure; never throws, whatever the message holds; work and result are bounded. */
export const applyMapping = (mapping: AnyMapping, body: unknown, topic?: string): MappingResult =>
  mapMessage(mapping, { json: { value: body }, ...(topic !== undefined && { topic }) });

/** `applyMapping` for messages that need not be JSON: a mapping whose `body` is `text` reads them too. */
export function mapMessage(mapping: AnyMapping, message: ForeignMessage): MappingResult {
  let best: MappingResult | undefined;
  for (const variant of 'variants' in mapping ? mapping.variants : [mapping]) {
    const isText = variant.body === 'text';
    const body = isText ? (message.text ?? textOf(message.json?.value)) : message.json?.value;
    if (body === undefined) {
      best ??= unread('notJson', message.text);
      continue;
    }
    if (!applies(variant, body, message.topic)) continue;
    const result = new Application(variant).run(body, message.topic);
    // Of a set, the first that has something to say, or finds that there is nothing to say.
    if (result.statements.length > 0 || result.unmappedCount === 0) return result;
    best ??= result;
  }
  return best ?? unread('noVariant', message.json?.value ?? message.text);
}

const textOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);

function applies({ applies: rule }: Mapping, body: unknown, topic: string | undefined): boolean {
  if (rule === undefined) return true;
  if (rule.topic !== undefined && (topic === undefined || !matchesTopic(rule.topic, topic))) return false;
  const place: JsonPlace = { value: body, ...aroundOf(topic) };
  const isThere = (path: string): boolean => valueAt(pathOf(path), place) !== undefined;
  return (
    (rule.has ?? []).every(isThere) &&
    (rule.when ?? []).every(({ path, is }) => {
      const word = wordOf(valueAt(pathOf(path), place));
      return word !== undefined && is.includes(word);
    })
  );
}

const aroundOf = (topic: string | undefined, wrapper?: unknown): { readonly around?: Surroundings } =>
  topic === undefined && wrapper === undefined
    ? {}
    : {
        around: {
          ...(topic !== undefined && { topicLevels: topic.split('/') }),
          ...(wrapper !== undefined && { wrapper }),
        },
      };

const unread = (reason: UnmappedReason, value: unknown): MappingResult => ({
  statements: [],
  unmapped: [{ field: '', reason, value: shortText(value) }],
  unmappedCount: 1,
  warnings: [],
});

type Rule<Of> = Of & { readonly at: JsonPath; readonly whenAt?: JsonPath; readonly unitAt?: JsonPath };

class Application {
  readonly #mapping: Mapping;
  readonly #statements: MappedStatement[] = [];
  readonly #unmapped: Unmapped[] = [];
  readonly #warnings: string[] = [];
  #unmappedCount = 0;
  readonly #device: JsonPath;
  readonly #time: JsonPath | undefined;
  readonly #key: readonly JsonPath[];
  readonly #values: readonly Rule<MappedValue>[];
  readonly #conditions: readonly Rule<MappedCondition>[];

  constructor(mapping: Mapping) {
    this.#mapping = mapping;
    this.#device = pathOf(mapping.device.path);
    this.#time = mapping.time === undefined ? undefined : pathOf(mapping.time.path);
    this.#key = (mapping.key ?? []).map(pathOf);
    this.#values = (mapping.values ?? []).map((rule) => ({
      ...rule,
      at: pathOf(rule.path),
      ...(rule.when !== undefined && { whenAt: pathOf(rule.when.path) }),
      ...(rule.unit !== undefined && { unitAt: pathOf(rule.unit.path) }),
    }));
    this.#conditions = (mapping.conditions ?? []).map((rule) => ({
      ...rule,
      at: pathOf(rule.path),
      ...(rule.when !== undefined && { whenAt: pathOf(rule.when.path) }),
    }));
  }

  run(body: unknown, topic: string | undefined): MappingResult {
    const message = this.#messageOf(body, topic);
    if (message !== undefined) this.#reports(message);
    return {
      statements: this.#statements,
      unmapped: this.#unmapped,
      unmappedCount: this.#unmappedCount,
      warnings: this.#warnings,
    };
  }

  #messageOf(body: unknown, topic: string | undefined): JsonPlace | undefined {
    const { embedded } = this.#mapping;
    if (!this.#isBearable(body, '')) return undefined;
    if (embedded === undefined) return { value: body, ...aroundOf(topic) };
    const rule = typeof embedded === 'string' ? { path: embedded } : embedded;
    const text = valueAt(pathOf(rule.path), { value: body, ...aroundOf(topic) });
    const decoded = decodeEmbedded(text, rule);
    if ('refused' in decoded) return this.#refuse(undefined, rule.path, decoded.refused, text);
    return this.#isBearable(decoded.value, rule.path) ? { value: decoded.value, ...aroundOf(topic, body) } : undefined;
  }

  #isBearable(value: unknown, field: string): boolean {
    const { depth, members } = inspectJson(value);
    if (depth > deepestForeignBody) this.#refuse(undefined, field, 'tooDeep', value);
    else if (members > MOST_MEMBERS) this.#refuse(undefined, field, 'tooLarge', value);
    return depth <= deepestForeignBody && members <= MOST_MEMBERS;
  }

  #reports(message: JsonPlace): void {
    const { reports } = this.#mapping;
    if (reports === undefined) return this.#report(message, undefined);
    const { places, isCut } = placesAt(pathOf(reports), message.value, MOST_REPORTS, message.around);
    if (places.length === 0) this.#refuse(undefined, reports, 'noReports', message.value);
    if (isCut) this.#refuse(undefined, reports, 'tooManyReports', message.value);
    for (const [index, place] of places.entries()) this.#report(place, index);
  }

  #report(place: JsonPlace, report: number | undefined): void {
    const deviceId = this.#deviceOf(place, report);
    if (deviceId === undefined) return;
    const about = { deviceId, ...this.#timeOf(place, report), ...this.#keyOf(place, report) };
    const unmappedBefore = this.#unmappedCount;
    let isHandled = false;
    const values: Record<string, number> = {};
    for (const rule of this.#values) {
      const value = this.#numberOf(rule, place, report);
      if (value !== undefined) values[rule.point] = value;
    }
    if (Object.keys(values).length > 0) {
      isHandled = true;
      this.#state({ ...about, kind: 'values', values }, report);
    }
    for (const rule of this.#conditions) {
      if (!counts(rule, place)) continue;
      const found = valueAt(rule.at, place);
      if (found === undefined || found === null) continue;
      const word = wordOf(found);
      const outcome = word !== undefined && Object.hasOwn(rule.cases, word) ? rule.cases[word] : undefined;
      if (outcome === undefined) {
        this.#refuse(report, rule.path, 'caseMissing', found);
        continue;
      }
      isHandled = true;
      if (outcome === 'ignore') continue;
      const { kind: eventKind, level = 'alarm', active = true, point = rule.point ?? '' } = outcome;
      this.#state({ ...about, kind: 'condition', eventKind, point, level, active }, report);
    }
    if (!isHandled && this.#unmappedCount === unmappedBefore) this.#refuse(report, '', 'nothingMapped', place.value);
  }

  #deviceOf(place: JsonPlace, report: number | undefined): string | undefined {
    const { path, table } = this.#mapping.device;
    const found = valueAt(this.#device, place);
    const word = wordOf(found);
    if (word === undefined || word === '') return this.#refuse(report, path, 'deviceMissing', found);
    if (table !== undefined)
      return Object.hasOwn(table, word) ? table[word] : this.#refuse(report, path, 'deviceNotInTable', found);
    return isWireId(word) ? word : this.#refuse(report, path, 'deviceInvalid', found);
  }

  /** A time that cannot be read must not hide what the report says: the centre then uses that of the receipt. */
  #timeOf(place: JsonPlace, report: number | undefined): { readonly at?: number } {
    const { time } = this.#mapping;
    if (time === undefined || this.#time === undefined) return {};
    const found = valueAt(this.#time, place);
    const at = readForeignTime(found, time.format, time.utcOffset);
    if (at !== undefined) return { at };
    this.#warn(report, time.path, found, `expected a time of format ${time.format}`);
    return {};
  }

  #keyOf(place: JsonPlace, report: number | undefined): { readonly key?: string } {
    if (this.#key.length === 0) return {};
    const words: string[] = [];
    for (const path of this.#key) {
      const found = valueAt(path, place);
      const word = wordOf(found);
      if (word === undefined || word === '' || word.length > LONGEST_KEY) {
        this.#warn(report, path.text, found, `expected a text or number of 1…${LONGEST_KEY} characters as key`);
        return {};
      }
      words.push(word);
    }
    return { key: JSON.stringify(words) };
  }

  #numberOf(rule: Rule<MappedValue>, place: JsonPlace, report: number | undefined): number | undefined {
    if (!counts(rule, place)) return undefined;
    const found = valueAt(rule.at, place);
    // Absent and null are unknown, which is no fault of the message.
    if (found === undefined || found === null) return undefined;
    if (rule.unit !== undefined && rule.unitAt !== undefined) {
      const unit = valueAt(rule.unitAt, place);
      if (unit !== rule.unit.is) return this.#refuse(report, rule.unit.path, 'unitMismatch', unit);
    }
    const number = numberOf(found);
    const value = number === undefined ? NaN : number * (rule.scale ?? 1) + (rule.offset ?? 0);
    return Number.isFinite(value) ? value : this.#refuse(report, rule.path, 'valueNotNumber', found);
  }

  #state(statement: MappedStatement, report: number | undefined): void {
    if (this.#statements.length < MOST_STATEMENTS) this.#statements.push(statement);
    else this.#refuse(report, '', 'tooLarge', undefined);
  }

  #refuse(report: number | undefined, field: string, reason: UnmappedReason, value: unknown): undefined {
    this.#unmappedCount++;
    if (this.#unmapped.length < MOST_LISTED)
      this.#unmapped.push({ ...(report !== undefined && { report }), field, reason, value: shortText(value) });
    return undefined;
  }

  #warn(report: number | undefined, field: string, value: unknown, expectation: string): void {
    if (this.#warnings.length === MOST_LISTED) return;
    const place = report === undefined ? '' : `report ${report}: `;
    this.#warnings.push(`${place}${field} is ${shortText(value)}: ${expectation}`);
  }
}

function counts({ when, whenAt }: Rule<MappedValue | MappedCondition>, place: JsonPlace): boolean {
  if (when === undefined || whenAt === undefined) return true;
  const word = wordOf(valueAt(whenAt, place));
  return word !== undefined && when.is.includes(word);
}

/** The path of a mapping that was read; of one that was not, a path that finds nothing. */
function pathOf(text: string): JsonPath {
  const path = parseJsonPath(text);
  return typeof path === 'string' ? { text, from: Number.MAX_SAFE_INTEGER, steps: [] } : path;
}

/** Texts, numbers and booleans as a mapping names them: as they are written in JSON. */
function wordOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.length > 40) return undefined;
  return /^\s*[+-]?(\d+([.]\d*)?|[.]\d+)(e[+-]?\d{1,3})?\s*$/i.test(value) ? Number(value) : undefined;
}
