import { isJsonObject } from '../wire/json-object.ts';
import type { ForeignMessage } from './apply-mapping.ts';

const DEEPEST = 8;
const LONGEST = 4_000;

/**
 * What messages of one kind have in common: names and kinds of their members, never a value. Two messages of one shape
 * can be read by one mapping. Members that are null or missing in one of them make another shape.
 */
export function shapeOf({ json, text, topic }: ForeignMessage): string {
  const body = json === undefined ? (text === undefined ? 'binary' : 'text') : shapeOfValue(json.value, 0);
  return `${topic === undefined ? '' : topicShapeOf(topic)} ${body}`.slice(0, LONGEST);
}

/** A topic as a filter: levels that hold a digit name a thing and become `+`. */
export const topicShapeOf = (topic: string): string =>
  topic
    .split('/')
    .map((level) => (/\d/.test(level) ? '+' : level))
    .join('/');

function shapeOfValue(value: unknown, depth: number): string {
  if (value === null) return '?';
  if (depth === DEEPEST) return '…';
  if (Array.isArray(value)) {
    const kinds = new Set(value.slice(0, 100).map((item) => shapeOfValue(item, depth + 1)));
    return `[${[...kinds].sort().join('|')}]`;
  }
  if (!isJsonObject(value)) return (typeof value).slice(0, 1);
  const members = Object.entries(value)
    .slice(0, 500)
    .map(([name, member]) => [nameShape(name), shapeOfValue(member, depth + 1)]);
  return `{${[...new Set(members.map((pair) => pair.join(':')))].sort().join(',')}}`;
}

/** A member that is named after a device or an instant is one of many. */
const nameShape = (name: string): string => (/^[0-9a-f-]*\d{6,}[0-9a-f-]*$/i.test(name) ? '#' : JSON.stringify(name));
