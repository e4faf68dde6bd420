/**
 * The token of the one-time link, out of `#token=…` or `?token=…`. The fragment is preferred: it never reaches a server
 * log. Undefined when the link has none.
 */
export function founderToken(hash: string, search: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? new URLSearchParams(search).get('token');
  return token === null || token === '' ? undefined : token;
}
