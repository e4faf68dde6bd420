/** What a key asks the duty desk to do. Nothing destructive hangs on a single key. */
export type DeskAction =
  | 'next'
  | 'previous'
  | 'open'
  | 'acknowledge'
  | 'acknowledgeWithNote'
  | 'shelve'
  | 'judge'
  | 'incident'
  | 'select'
  | 'insertNew'
  | 'search'
  | 'help'
  | 'release';

export type KeyPress = {
  readonly key: string;
  readonly shift: boolean;
  /** Ctrl, Alt or Meta: never ours, they belong to the browser and to assistive technology. */
  readonly hasModifier: boolean;
  readonly isTyping: boolean;
};

const letters: Record<string, DeskAction> = {
  j: 'next',
  k: 'previous',
  a: 'acknowledge',
  s: 'shelve',
  v: 'judge',
  i: 'incident',
  x: 'select',
  n: 'insertNew',
  '/': 'search',
  '?': 'help',
};

const named: Record<string, DeskAction> = {
  ArrowDown: 'next',
  ArrowUp: 'previous',
  Enter: 'open',
  Escape: 'release',
};

/**
 * The action of a key press, or undefined. While someone types, only Escape is ours. Keys that print a character can be
 * switched off (WCAG 2.1.4); the named keys stay, they work only where the list has the focus anyway.
 */
export function deskActionOf(press: KeyPress, areLettersOn: boolean): DeskAction | undefined {
  if (press.hasModifier) return undefined;
  if (press.isTyping) return press.key === 'Escape' ? 'release' : undefined;
  const byName = named[press.key];
  if (byName) return byName;
  if (!areLettersOn) return undefined;
  const action = letters[press.key.toLowerCase()];
  return action === 'acknowledge' && press.shift ? 'acknowledgeWithNote' : action;
}

/** The rows of the help sheet: keys and the action they cause. `silence` is a key of every page (sound/seat-sound.tsx). */
export const deskKeys: readonly (readonly [keys: string, action: DeskAction | 'silence'])[] = [
  ['J / ↓', 'next'],
  ['K / ↑', 'previous'],
  ['Enter', 'open'],
  ['A', 'acknowledge'],
  ['Shift A', 'acknowledgeWithNote'],
  ['S', 'shelve'],
  ['V', 'judge'],
  ['I', 'incident'],
  ['X', 'select'],
  ['N', 'insertNew'],
  ['M', 'silence'],
  ['/', 'search'],
  ['?', 'help'],
  ['Esc', 'release'],
];
