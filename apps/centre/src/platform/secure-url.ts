const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** TLS, or on this machine, where nobody listens in. @param url of the schemes http and https */
export function isSecureUrl(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || LOOPBACK.has(hostname);
}
