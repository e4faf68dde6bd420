/**
 * Where to go after the log-in: the page that was asked for, or the duty desk. Only a path of this site is followed; an
 * address of elsewhere in a pasted link (`//host`, `https:`, backslashes) leads to the desk.
 */
export function returnPath(next: unknown): string {
  if (typeof next !== 'string' || !/^\/[^/\\]/.test(next) || next.includes('\\')) return '/desk';
  return next.startsWith('/login') || next.startsWith('/founder') ? '/desk' : next;
}
