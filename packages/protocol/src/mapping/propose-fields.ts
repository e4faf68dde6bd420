import { isJsonObject } from '../wire/json-object.ts';
import type { TimeFormat } from './foreign-time.ts';

/** Where a value stands in a message: names and numbers from the outside in. */
export type LeafPlace = readonly (string | number)[];
export type Leaf = { readonly place: LeafPlace; readonly value: unknown };

export const fieldRoles = ['device', 'time', 'key', 'value', 'condition'] as const;
export type FieldRole = (typeof fieldRoles)[number];

/** What a value may be, by its name and form. A proposal only: a person decides. */
export type Proposal = Leaf & {
  readonly role: FieldRole;
  /** Of role value: the unit our points of this quantity have, and what number · scale gives it. */
  readonly quantity?:
    'temperatureC' | 'obscurationPctPerM' | 'lelPct' | 'batteryPct' | 'humidityPct' | 'voltageV' | 'currentA';
  /** Of role condition: the kind of event it seems to tell. */
  readonly eventKind?: string;
  /** Of role time. */
  readonly format?: TimeFormat;
};

const MOST_LEAVES = 500;
const DEEPEST = 16;

const deviceNames =
  /^(device_?id|dev_?id|dev_?eui|imei|sn|serial(_?(no|number))?|mac|node_?id|sensor_?id|terminal_?id|设备(编号|号|ID))$/i;
const timeNames =
  /^(at|ts|time|timestamp|date_?time|(event|report|collect|create|update|occur|alarm|data|send)_?(time|at|ts|d)|created_?at|时间)$/i;
const keyNames =
  /^(id|msg_?id|message_?id|event_?id|alarm_?id|report_?id|record_?id|uuid|seq|seq_?no|up_?packet_?sn|up_?data_?sn|nonce|trace_?id)$/i;
const quantities = [
  [/temp|温度/i, 'temperatureC'],
  [/obscur|smoke_?(value|density|level|concentration)|烟雾浓度/i, 'obscurationPctPerM'],
  [/lel|gas_?(value|density|level|concentration)|燃气浓度/i, 'lelPct'],
  [/batt|bat_?(level|pct|voltage)|power_?level|soc$|电量/i, 'batteryPct'],
  [/humi|湿度/i, 'humidityPct'],
  [/volt|电压/i, 'voltageV'],
  [/^curr|current(a|_a)?$|电流/i, 'currentA'],
] as const;
const kinds = [
  [/smoke|烟/i, 'smoke'],
  [/heat|温感/i, 'heat'],
  [/gas|燃气|可燃/i, 'gas'],
  [/tamper|拆/i, 'tamper'],
  [/manual|手报|手动/i, 'manualAlarm'],
  [/fault|error|trouble|故障/i, 'fault'],
  [/fire|火警/i, 'fire'],
  [/alarm|alert|event_?type|status|state|告警|报警|状态/i, undefined],
] as const;

/** Every text, number and truth value of a message, in its order; of a list the first 3 elements. At most 500. */
export function leavesOf(message: unknown): readonly Leaf[] {
  const found: Leaf[] = [];
  const visit = (value: unknown, place: LeafPlace): void => {
    if (found.length === MOST_LEAVES || place.length > DEEPEST) return;
    if (Array.isArray(value)) for (const [index, item] of value.slice(0, 3).entries()) visit(item, [...place, index]);
    else if (isJsonObject(value)) for (const [name, item] of Object.entries(value)) visit(item, [...place, name]);
    else found.push({ place, value });
  };
  visit(message, []);
  return found;
}

/** What the values of a message may be. Of a list only its first element is looked at. */
export function proposeFields(message: unknown): readonly Proposal[] {
  return leavesOf(message)
    .filter(({ place }) => place.every((step) => typeof step === 'string' || step === 0))
    .flatMap((leaf) => {
      const name = leaf.place.findLast((step) => typeof step === 'string') ?? '';
      const proposal = proposalOf(leaf, String(name));
      return proposal === undefined ? [] : [proposal];
    });
}

function proposalOf(leaf: Leaf, name: string): Proposal | undefined {
  const { value } = leaf;
  const isWord = typeof value === 'string' || typeof value === 'number';
  const format = timeNames.test(name) ? timeFormatOf(value) : undefined;
  if (format !== undefined) return { ...leaf, role: 'time', format };
  if (deviceNames.test(name) && isWord && value !== '') return { ...leaf, role: 'device' };
  // A counter that stands still, as -1 or empty, names nothing.
  if (keyNames.test(name) && isWord && value !== '' && value !== -1) return { ...leaf, role: 'key' };
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^[+-]?\d+([.]\d+)?$/.test(value));
  const kind = kinds.find(([pattern]) => pattern.test(name));
  const looksLikeState =
    kind !== undefined && (/alarm|alert|status|state|fault|tamper|type|报警|告警|状态/i.test(name) || !isNumber);
  if (looksLikeState) return { ...leaf, role: 'condition', ...(kind[1] !== undefined && { eventKind: kind[1] }) };
  const quantity = quantities.find(([pattern]) => pattern.test(name))?.[1];
  if (quantity !== undefined && isNumber) return { ...leaf, role: 'value', quantity };
  if (kind !== undefined) return { ...leaf, role: 'condition', ...(kind[1] !== undefined && { eventKind: kind[1] }) };
  return undefined;
}

/** How an instant is written; undefined when it is none of 2015 to 2100. */
export function timeFormatOf(value: unknown): TimeFormat | undefined {
  if (typeof value === 'string') {
    if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.]\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(value)) return 'iso';
    if (/^\d{4}([-/])\d\d\1\d\d[ T]\d\d:\d\d:\d\d$/.test(value) || /^20\d{12}$/.test(value)) return 'local';
  }
  const number = typeof value === 'string' && /^\d{10,13}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number') return undefined;
  if (number >= 1_420_070_400_000 && number < 4_102_444_800_000) return 'epochMs';
  return number >= 1_420_070_400 && number < 4_102_444_800 ? 'epochS' : undefined;
}
