/**
 * A member of the outermost object of valid JSON as it was written, byte for byte: what was signed is the text, not
 * what it means. undefined when there is none, or when it is there twice.
 */
export function rawMember(text: string, name: string): string | undefined {
  let found: string | undefined;
  let at = afterSpace(text, 0);
  if (text[at] !== '{') return undefined;
  at = afterSpace(text, at + 1);
  while (at < text.length && text[at] !== '}') {
    const keyEnd = endOfString(text, at);
    const key = JSON.parse(text.slice(at, keyEnd)) as unknown;
    const begin = afterSpace(text, afterSpace(text, keyEnd) + 1);
    const end = endOfValue(text, begin);
    if (key === name) {
      if (found !== undefined) return undefined;
      found = text.slice(begin, end).trimEnd();
    }
    at = afterSpace(text, end);
    if (text[at] === ',') at = afterSpace(text, at + 1);
  }
  return found;
}

function afterSpace(text: string, at: number): number {
  while (at < text.length && /\s/.test(text[at] ?? '')) at++;
  return at;
}

/** Behind the closing quote. */
function endOfString(text: string, begin: number): number {
  let at = begin + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** At the comma or bracket that ends it. */
function endOfValue(text: string, begin: number): number {
  let depth = 0;
  let at = begin;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '"') {
      at = endOfString(text, at);
      continue;
    }
    if (depth === 0 && (character === ',' || character === '}' || character === ']')) return at;
    if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    at++;
  }
  return at;
}
