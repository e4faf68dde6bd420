/** Search part of the URL as plain words: `?category=fire,warning&sel=a1`, readable and safe to paste anywhere. */
export type Search = Readonly<Record<string, string>>;

/** `?a=1&b=` → `{ a: '1', b: '' }`; a repeated key keeps its last value. */
export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

/** The inverse of {@link parseSearch}; what is not a text is left out. Commas and colons stay readable. */
export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) if (typeof value === 'string') params.set(key, value);
  const text = params.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}

/** `search` with `changes` laid over it; a change to undefined takes a key out. */
export function withSearch(
  search: Readonly<Record<string, string | undefined>>,
  changes: Readonly<Record<string, string | undefined>>,
): Search {
  const merged = Object.entries({ ...search, ...changes });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
