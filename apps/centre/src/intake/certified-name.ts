import { TLSSocket } from 'node:tls';
import type { Client } from 'aedes';

/** The name in a client certificate that our own authority signed. */
export function certifiedNameOf({ conn }: Client): string | undefined {
  if (!(conn instanceof TLSSocket) || !conn.authorized) return undefined;
  const { CN: name } = conn.getPeerCertificate().subject as { readonly CN?: string | string[] };
  return typeof name === 'string' ? name : undefined;
}
