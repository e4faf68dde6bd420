import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The authority that signed the certificates of devices, where there is one: its own file beside the server's. */
export async function deviceAuthorityOf(tlsFolder: string): Promise<{ readonly clientCa?: string }> {
  const file = path.join(tlsFolder, 'device-ca.crt');
  return existsSync(file) ? { clientCa: await readFile(file, 'utf8') } : {};
}
