/** JSON of unknown origin, cut to what a person can look at. */
export type TreeNode =
  | { readonly kind: 'text' | 'number'; readonly text: string; readonly cutFrom?: number }
  | { readonly kind: 'truth'; readonly value: boolean }
  | { readonly kind: 'nothing' | 'deeper' | 'emptyList' | 'emptyObject' }
  | {
      readonly kind: 'list' | 'object';
      readonly entries: readonly { readonly key: string; readonly node: TreeNode }[];
      readonly hiddenCount: number;
    };

export type TreeLimits = {
  readonly depth: number;
  /** Of one object or list. */
  readonly entries: number;
  /** Of the whole tree. */
  readonly nodes: number;
  readonly keyCharacters: number;
  readonly textCharacters: number;
};

const screenLimits: TreeLimits = { depth: 5, entries: 24, nodes: 160, keyCharacters: 48, textCharacters: 240 };

/**
 * A tree of at most `limits.nodes` nodes, whatever the value holds; what is left out is counted. Characters that would
 * steer the display (controls, directions, invisible ones) are spelt out as \u{…}: nothing may look like what it is not.
 */
export function boundedTree(value: unknown, limits: TreeLimits = screenLimits): TreeNode {
  let nodeCount = 0;

  function grow(part: unknown, depth: number): TreeNode {
    nodeCount += 1;
    if (typeof part === 'string') return textNode(part, limits.textCharacters);
    if (typeof part === 'number') return { kind: 'number', text: String(part) };
    if (typeof part === 'boolean') return { kind: 'truth', value: part };
    if (typeof part !== 'object' || part === null) return { kind: 'nothing' };
    const isList = Array.isArray(part);
    const all: readonly (readonly [string, unknown])[] = isList
      ? part.map((item: unknown, index) => [String(index + 1), item])
      : Object.entries(part);
    if (all.length === 0) return { kind: isList ? 'emptyList' : 'emptyObject' };
    if (depth >= limits.depth) return { kind: 'deeper' };
    const entries: { key: string; node: TreeNode }[] = [];
    for (const [key, item] of all) {
      if (entries.length >= limits.entries || nodeCount >= limits.nodes) break;
      entries.push({ key: keyWords(key, limits.keyCharacters), node: grow(item, depth + 1) });
    }
    return { kind: isList ? 'list' : 'object', entries, hiddenCount: all.length - entries.length };
  }

  return grow(value, 0);
}

function textNode(text: string, most: number): TreeNode {
  const characters = [...text];
  if (characters.length <= most) return { kind: 'text', text: spelt(text) };
  return { kind: 'text', text: spelt(characters.slice(0, most).join('')), cutFrom: characters.length };
}

function keyWords(key: string, most: number): string {
  const characters = [...key];
  return spelt(characters.length <= most ? key : `${characters.slice(0, most).join('')}…`);
}

function spelt(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
