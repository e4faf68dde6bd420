import { existsSync } from 'node:fs';
import { open, rename, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Enrolment } from '@fengsui/protocol';
import { pinnedKeys } from '@fengsui/terminal';
import { UsageError } from '../command.ts';

export const enrolUsage = [
  'fengsui terminal enrol --centre http://127.0.0.1:8119 --claim CODE --secret-file d1.secret',
  '',
  'Takes the secret of a device for its claim code, once, and pins the keys whose commands it obeys: into the secret',
  'file, and into F.command-keys.json beside it (d1.secret → d1.command-keys.json). Existing files are not touched.',
].join('\n');

const TIMEOUT_MS = 20_000;

/** `d1.secret` → `d1.command-keys.json`. */
export function commandKeysFileOf(secretFile: string): string {
  return `${secretFile.replace(/\.(secret|txt)$/i, '')}.command-keys.json`;
}

/** `d1.secret` → `d1.release-keys.json`. */
export function releaseKeysFileOf(secretFile: string): string {
  return `${secretFile.replace(/\.(secret|txt)$/i, '')}.release-keys.json`;
}

export async function enrolTerminal(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      centre: { type: 'string' },
      claim: { type: 'string' },
      'secret-file': { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const { centre, claim } = values;
  const secretFile = values['secret-file'];
  if (centre === undefined || claim === undefined || secretFile === undefined) {
    throw new UsageError('--centre, --claim and --secret-file are needed');
  }
  const base = URL.canParse(centre) ? new URL(centre) : undefined;
  if (base === undefined || !/^https?:$/.test(base.protocol)) {
    throw new UsageError(`--centre ${centre}: expected http://host:port or https://host:port`);
  }
  const keysFile = commandKeysFileOf(secretFile);
  // The code works once: what cannot be written down must be found out before.
  for (const file of [secretFile, keysFile, releaseKeysFileOf(secretFile)])
    if (existsSync(file)) throw new Error(`${file} exists already`);
  const secretDraft = await open(`${secretFile}.part`, 'w', 0o600);
  try {
    const { deviceId, secret, mqttUrl, commandKeys, releaseKeys } = await enrol(base, claim);
    pinnedKeys(commandKeys);
    pinnedKeys(releaseKeys ?? []);
    await secretDraft.writeFile(`${secret}\n`);
    await secretDraft.sync();
    await rename(`${secretFile}.part`, secretFile);
    await writeFile(keysFile, `${JSON.stringify({ commandKeys }, undefined, 2)}\n`, { mode: 0o644, flush: true });
    if (releaseKeys !== undefined) {
      const text = `${JSON.stringify({ releaseKeys }, undefined, 2)}\n`;
      await writeFile(releaseKeysFileOf(secretFile), text, { mode: 0o644, flush: true });
    }
    if (values.json === true) console.log(JSON.stringify({ deviceId, mqttUrl, secretFile, commandKeysFile: keysFile }));
    else console.log(`device ${deviceId}\nMQTT   ${mqttUrl}\nsecret ${secretFile}\nkeys   ${keysFile}`);
    return 0;
  } finally {
    await secretDraft.close();
  }
}

async function enrol(base: URL, claimCode: string): Promise<Enrolment> {
  const response = await fetch(new URL('/api/v1/enrol', base), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ claimCode }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = (await response.json().catch(() => ({}))) as Partial<Enrolment> & { readonly detail?: string };
  const { deviceId, secret, mqttUrl, commandKeys, releaseKeys } = body;
  if (
    response.ok &&
    deviceId !== undefined &&
    secret !== undefined &&
    mqttUrl !== undefined &&
    commandKeys !== undefined
  )
    return { deviceId, secret, mqttUrl, commandKeys, ...(releaseKeys !== undefined && { releaseKeys }) };
  throw new Error(`the centre refused: ${body.detail ?? `HTTP ${response.status}`}`);
}
