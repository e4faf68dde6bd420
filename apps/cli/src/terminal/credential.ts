import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { UsageError } from '../command.ts';

export type TlsFiles = { readonly ca?: string; readonly cert?: string; readonly key?: string };

/** What mqtts needs beside the public authorities: the centre's own, and the device's certificate in place of a secret. */
export async function readTls({ ca, cert, key }: TlsFiles): Promise<{ ca?: string; cert?: string; key?: string }> {
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('--cert and --key belong together');
  return {
    ...(ca === undefined ? {} : { ca: await readFile(ca, 'utf8') }),
    ...(cert === undefined ? {} : { cert: await readFile(cert, 'utf8') }),
    ...(key === undefined ? {} : { key: await readFile(key, 'utf8') }),
  };
}

/** @throws Error when there is none or it is empty. */
export async function readSecret(file: string | undefined): Promise<string> {
  const secret = file === undefined ? process.env['FENGSUI_DEVICE_SECRET'] : await readFile(file, 'utf8');
  const trimmed = secret?.trim();
  if (trimmed !== undefined && trimmed !== '') return trimmed;
  if (file !== undefined) throw new Error(`${file} is empty, the secret of the device expected`);
  throw new UsageError('the secret of the device is needed: --secret-file FILE or FENGSUI_DEVICE_SECRET');
}
