/**
 * The canonical text of a JSON value by RFC 8785 (JCS): what a signature covers, whoever wrote the object and in
 * whatever order. Members are sorted by the UTF-16 code units of their names; numbers and strings have the form that
 * ECMAScript gives them (sections 3.2.2.2 and 3.2.2.3).
 *
 * @throws RangeError naming the place of what JCS has no form for: a number that is not finite, a lone surrogate, a
 *   value that is no JSON, nesting deeper than 64.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '', 0);
}

const DEEPEST = 64;

function write(value: unknown, place: string, depth: number): string {
  if (depth > DEEPEST) throw new RangeError(`canonical JSON: ${place} is nested deeper than ${DEEPEST}`);
  switch (typeof value) {
    case 'string':
      return textOf(value, place);
    case 'number':
      if (!Number.isFinite(value))
        throw new RangeError(`canonical JSON: ${place} is ${value}, a finite number expected`);
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object': {
      if (value === null) return 'null';
      if (Array.isArray(value)) {
        return `[${value.map((item: unknown, index) => write(item, `${place}[${index}]`, depth + 1)).join(',')}]`;
      }
      const members = Object.entries(value)
        // As JSON.stringify: a member without a value is no member.
        .filter(([, member]) => member !== undefined)
        .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
        .map(([name, member]) => `${textOf(name, place)}:${write(member, `${place}/${name}`, depth + 1)}`);
      return `{${members.join(',')}}`;
    }
    default:
      throw new RangeError(`canonical JSON: ${place} is of type ${typeof value}, a JSON value expected`);
  }
}

function textOf(text: string, place: string): string {
  if (!text.isWellFormed()) throw new RangeError(`canonical JSON: ${place} holds a lone surrogate`);
  return JSON.stringify(text);
}
