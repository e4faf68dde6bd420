import { createHmac, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The key of all demo credentials: made once per data folder, so that the simulator can log in at every start. */
export async function demoKey(folder: string): Promise<Buffer> {
  const file = path.join(folder, 'demo-credentials.key');
  try {
    await writeFile(file, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return Buffer.from(await readFile(file, 'utf8'), 'hex');
}

export const demoSecret = (key: Buffer, deviceId: string): string =>
  createHmac('sha256', key).update(deviceId).digest('base64url');

/** One city for everybody: the demo looks the same everywhere. */
export const DEMO_SEED = 20261121;
