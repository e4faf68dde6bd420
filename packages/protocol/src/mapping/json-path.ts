import { isJsonObject } from '../wire/json-object.ts';

type PathStep = { readonly key: string } | { readonly index: number } | { readonly each: true };

/** A parsed path; `from` says where it begins. */
export type JsonPath = {
  readonly text: string;
  /**
   * `here`: the report; `root`: the whole message; a number: so many `[*]` further out; `topic`: levels of the MQTT topic;
   * `wrapper`: the message as it came, before `embedded` was taken out of it.
   */
  readonly from: 'here' | 'root' | 'topic' | 'wrapper' | number;
  readonly steps: readonly PathStep[];
};

/** A value of a body with the values it was found in by `[*]`. */
export type JsonPlace = { readonly value: unknown; readonly outer?: JsonPlace; readonly around?: Surroundings };

/** What came with a message: of its outermost place only. */
export type Surroundings = { readonly topicLevels?: readonly string[]; readonly wrapper?: unknown };

const LONGEST_PATH = 200;
const MOST_STEPS = 16;
const origins = { $: 'root', '@topic': 'topic', '@wrapper': 'wrapper' } as const;
const step = /([^.[\]"^$@*\s]+)|\[(\d{1,6})\]|\[(\*)\]|\["([^"\\]{1,80})"\]/y;

/**
 * Reads a path: names with dots (`data.items`), `[3]`, `["a name.with dots"]`, `[*]` for every element. `$.` in front
 * begins at the whole message, each `^.` one element of `[*]` further out, `@topic[0]` at the levels of the topic,
 * `@wrapper.` at what `embedded` was taken out of; an empty path is the value itself. docs/reference/mapping.md.
 *
 * @returns the path, or what is expected instead.
 */
export function parseJsonPath(text: string): JsonPath | string {
  if (text.length > LONGEST_PATH) return `expected at most ${LONGEST_PATH} characters`;
  let from: JsonPath['from'] = 'here';
  let at = 0;
  const origin = /^(\$|@topic|@wrapper)(?=[.[]|$)/.exec(text)?.[1] as keyof typeof origins | undefined;
  if (origin !== undefined) {
    from = origins[origin];
    at = origin.length;
  } else {
    while (text[at] === '^') {
      from = typeof from === 'number' ? from + 1 : 1;
      at += text[at + 1] === '.' ? 2 : 1;
    }
    if (typeof from === 'number' && text[at - 1] === '.') at -= 1;
  }
  const steps: PathStep[] = [];
  const hasOrigin = at > 0;
  while (at < text.length) {
    const isDot = text[at] === '.';
    if (isDot && !hasOrigin && steps.length === 0) return 'expected a name before the first dot';
    step.lastIndex = isDot ? at + 1 : at;
    const found = step.exec(text);
    const [, name, index, each, quoted] = found ?? [];
    // A name follows a dot, a bracket follows none; only the first name needs no dot.
    const isPlaced = name === undefined ? !isDot : isDot || (steps.length === 0 && !hasOrigin);
    if (found === null || !isPlaced) return `expected a name, [0], [*] or ["name"] at character ${at + 1}`;
    if (steps.length === MOST_STEPS) return `expected at most ${MOST_STEPS} steps`;
    if (each !== undefined) steps.push({ each: true });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else steps.push({ key: name ?? quoted ?? '' });
    at = step.lastIndex;
  }
  return { text, from, steps };
}

export const hasEach = ({ steps }: JsonPath): boolean => steps.some((one) => 'each' in one);

/** The value at a path without `[*]`; undefined when there is none. Reads own members only. */
export function valueAt(path: JsonPath, place: JsonPlace): unknown {
  let value = originOf(path, place)?.value;
  for (const one of path.steps) value = stepInto(value, one);
  return value;
}

/** Every value at a path with `[*]`, at most `limit`; `isCut` when there were more. */
export function placesAt(
  path: JsonPath,
  body: unknown,
  limit: number,
  around?: Surroundings,
): { readonly places: readonly JsonPlace[]; readonly isCut: boolean } {
  // `element` is what `[*]` was in last, from which names lead on to `value`.
  const whole: JsonPlace = { value: body, ...(around !== undefined && { around }) };
  let found: { readonly value: unknown; readonly element: JsonPlace }[] = [{ value: body, element: whole }];
  let isCut = false;
  for (const one of path.steps) {
    const next: typeof found = [];
    for (const { value, element } of found) {
      if (!('each' in one)) {
        const inner = stepInto(value, one);
        if (inner !== undefined) next.push({ value: inner, element });
        continue;
      }
      for (const inner of Array.isArray(value) ? (value as readonly unknown[]) : []) {
        if (next.length === limit) {
          isCut = true;
          break;
        }
        next.push({ value: inner, element: { value: inner, outer: element } });
      }
    }
    found = next;
  }
  const places = found.map(({ value, element }) => (value === element.value ? element : { value, outer: element }));
  return { places, isCut };
}

function originOf({ from }: JsonPath, place: JsonPlace): JsonPlace | undefined {
  if (from === 'here') return place;
  let at: JsonPlace | undefined = place;
  if (typeof from !== 'number') {
    while (at.outer !== undefined) at = at.outer;
    if (from === 'root') return at;
    return { value: from === 'topic' ? at.around?.topicLevels : at.around?.wrapper };
  }
  for (let i = 0; i < from; i++) at = at?.outer;
  return at;
}

function stepInto(value: unknown, one: PathStep): unknown {
  if ('key' in one) return isJsonObject(value) && Object.hasOwn(value, one.key) ? value[one.key] : undefined;
  return 'index' in one && Array.isArray(value) ? (value as readonly unknown[])[one.index] : undefined;
}
