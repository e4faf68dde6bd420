const LONGEST = 256;
const ours = 'fengsui/';

/**
 * Why a text is no filter of foreign topics; undefined when it is one. MQTT 3.1.1 section 4.7: `+` is one level, `#` the
 * rest. Our own tree (`fengsui/…`), the broker's (`$…`) and shared subscriptions are not foreign.
 */
export function topicFilterProblem(filter: string): string | undefined {
  if (filter === '' || filter.length > LONGEST) return `expected 1…${LONGEST} characters`;
  if (!filter.isWellFormed() || filter.includes('\0')) return 'expected text without NUL';
  if (filter.startsWith('$')) return 'topics that begin with $ belong to the broker';
  if (`${filter}/`.startsWith(ours)) return 'fengsui/… is the tree of our own devices';
  const levels = filter.split('/');
  for (const [index, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || index !== levels.length - 1)) return '# stands alone at the end';
    if (level.includes('+') && level !== '+') return '+ stands alone in its level';
  }
  return undefined;
}

/** Whether a topic matches a filter. A topic of our own tree or of the broker's matches none. */
export function matchesTopic(filter: string, topic: string): boolean {
  if (topic.startsWith('$') || `${topic}/`.startsWith(ours)) return false;
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true;
    const found = levels[index];
    if (found === undefined || (level !== '+' && level !== found)) return false;
    // "a/#" is also "a" itself (4.7.1.2).
    if (index === levels.length - 1 && wanted[index + 1] === '#') return true;
  }
  return wanted.length === levels.length;
}
