/**
 * What is guessed first is not kept as a list of millions: such lists are made of few words, put together and decorated
 * in few ways. These are the words, chosen for this product and its country; the ways are in `unguessed`.
 */
const WORDS = [
  ...['password', 'passwort', 'passwd', 'pass', 'word', 'secret', 'mima', 'welcome', 'huanying', 'letmein', 'login'],
  ...['admin', 'administrator', 'guanliyuan', 'root', 'user', 'guest', 'test', 'demo', 'default', 'changeme', 'temp'],
  ...['qwerty', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'abc', 'abcd', 'abcdef', 'abcdefgh', 'aaa', 'zzz'],
  ...['iloveyou', 'woaini', 'woaiwo', 'love', 'hello', 'nihao', 'monkey', 'dragon', 'football', 'sunshine', 'princess'],
  ...['master', 'superman', 'batman', 'baobei', 'china', 'zhongguo', 'beijing', 'shanghai', 'shenzhen', 'guangzhou'],
  ...['fire', 'alarm', 'safety', 'anquan', 'huojing', 'baojing', 'zhongxin', 'centre', 'center', 'control', 'kongzhi'],
  ...[
    'summer',
    'winter',
    'spring',
    'autumn',
    'monday',
    'friday',
    'january',
    'company',
    'gongsi',
    'qq',
    'my',
    'is',
    'the',
  ],
  ...['new', 'one', 'for', 'you', 'me', 'and'],
];
/** Of an attacker who knows what he stands before (ASVS 6.2.11). */
const CONTEXT_WORDS = ['fengsui', '烽燧', 'xiaofang', '消防', 'password', '12345678'];
const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qazwsxedcrfvtgbyhnujmikolp', 'abcdefghijklmnopqrstuvwxyz'];
const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
};

const runs = new Set(
  ROWS.flatMap((row) => [row, [...row].reverse().join('')]).flatMap((row) =>
    [...row].flatMap((_letter, at) => (at + 3 <= row.length ? [row.slice(at, at + 3)] : [])),
  ),
);

/** The word of this product or its surroundings that a password holds; undefined when it holds none. */
export function contextWord(lower: string): string | undefined {
  // 119 alone is the fire brigade's number; within a longer number it is a number like any other.
  if (/(?<!\d)119(?!\d)|119119/.test(lower)) return '119';
  return CONTEXT_WORDS.find((word) => lower.includes(word));
}

/**
 * How many characters of a password are left when everything is taken away that guessing programs try: words of the
 * list (also with 0 for o and the like), rows of a keyboard and of the alphabet, digits, punctuation, and what repeats.
 */
export function unguessed(lower: string): number {
  const text = unrepeated([...lower]);
  const plain = text.map((character) => LEET[character] ?? character);
  const left: number[] = [0];
  for (let end = 1; end <= text.length; end++) {
    const isFiller = /[\d\p{P}\p{S}\s]/u.test(text[end - 1] ?? '');
    let least = (left[end - 1] ?? 0) + (isFiller ? 0 : 1);
    for (const word of WORDS) {
      const begin = end - word.length;
      if (begin >= 0 && (isAt(text, word, begin) || isAt(plain, word, begin)))
        least = Math.min(least, left[begin] ?? 0);
    }
    // A run goes on letter by letter: each further one is as little a secret as the third.
    if (end >= 3 && runs.has(text.slice(end - 3, end).join(''))) {
      least = Math.min(least, left[end - 3] ?? 0);
      if (end >= 4 && runs.has(text.slice(end - 4, end - 1).join(''))) least = Math.min(least, left[end - 1] ?? 0);
    }
    left.push(least);
  }
  return left.at(-1) ?? 0;
}

const isAt = (text: readonly string[], word: string, begin: number): boolean =>
  text.slice(begin, begin + word.length).join('') === word;

/** `abcabcabc` is as much as `abc`. */
function unrepeated(text: readonly string[]): readonly string[] {
  for (let length = 1; length <= text.length / 2; length++) {
    if (text.every((character, at) => character === text[at % length])) return text.slice(0, length);
  }
  return text;
}
