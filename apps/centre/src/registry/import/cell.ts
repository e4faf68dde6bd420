import { isWireId } from '@fengsui/protocol';

/** What a cell means, or what it should have been. */
export type CellOutcome<Value> =
  { readonly value: Value } | { readonly message: string; readonly fix: string; readonly code?: string };

export type CellReader<Value> = (text: string) => CellOutcome<Value>;

const LONGEST = 300;

export const words =
  (longest = 120): CellReader<string> =>
  (text) =>
    text.length <= longest
      ? { value: text }
      : { message: `is ${text.length} characters long`, fix: `shorten it to at most ${longest} characters` };

export const identifier: CellReader<string> = (text) =>
  isWireId(text)
    ? { value: text }
    : { message: 'is no id', fix: 'write 1 to 64 of A-Z a-z 0-9 . _ - without blanks', code: 'invalidId' };

export function number(min: number, max: number, unit = ''): CellReader<number> {
  return (text) => {
    const value = /^[+-]?(\d+([.]\d*)?|[.]\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
    return value >= min && value <= max
      ? { value }
      : { message: 'is not a number in range', fix: `write a number from ${min} to ${max}${unit}`, code: 'outOfRange' };
  };
}

export function integer(min: number, max: number): CellReader<number> {
  const read = number(min, max);
  return (text) => {
    const outcome = read(text);
    return 'value' in outcome && Number.isInteger(outcome.value)
      ? outcome
      : {
          message: 'is no whole number in range',
          fix: `write a whole number from ${min} to ${max}`,
          code: 'outOfRange',
        };
  };
}

/** One of fixed words; `chinese` holds the words people write for them, several by `|`. */
export function oneWordOf<const Words extends readonly string[]>(
  known: Words,
  chinese: Readonly<Record<Words[number], string>>,
): CellReader<Words[number]> {
  const meanings = new Map<string, Words[number]>();
  for (const word of known as readonly Words[number][]) {
    meanings.set(word.toLowerCase(), word);
    for (const spoken of chinese[word].split('|')) meanings.set(spoken, word);
  }
  const choices = (known as readonly Words[number][]).map((word) => `${word} (${chinese[word].split('|')[0]})`);
  return (text) => {
    const value = meanings.get(text.toLowerCase());
    return value === undefined
      ? { message: 'is not known here', fix: `write one of ${choices.join(', ')}`, code: 'unknownWord' }
      : { value };
  };
}

export const phone: CellReader<string> = (text) =>
  /^[+\d][\d\s()/,;-]{2,59}$/.test(text)
    ? { value: text }
    : {
        message: 'is no telephone number',
        fix: 'write digits, with + ( ) - and blanks if you like',
        code: 'invalidPhone',
      };

export const hexAddress: CellReader<string> = (text) =>
  /^[0-9a-f]{12}$/i.test(text)
    ? { value: text.toLowerCase() }
    : {
        message: 'is no address',
        fix: 'write 12 hex digits in wire order (format the column as text)',
        code: 'invalidGbAddress',
      };

export const list: CellReader<readonly string[]> = (text) => ({
  value: text
    .slice(0, LONGEST)
    .split(/[;,；，\s]+/)
    .filter((part) => part !== ''),
});
