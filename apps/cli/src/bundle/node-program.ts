import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { extract } from 'tar';
import type { Lock } from './production-modules.ts';

const FETCH_TIMEOUT_MS = 300_000;

/**
 * The folder of the locked Node for a platform: the installed package, or, for another platform than this machine's,
 * the same package from the registry, its content compared with the hash in package-lock.json.
 *
 * @throws Error when it is neither installed nor can be fetched, or is not what the lock says.
 */
export async function nodeFolder(
  root: string,
  lock: Lock,
  platform: string,
): Promise<{ readonly folder: string; readonly version: string; remove(): Promise<void> }> {
  const name = `node-${platform}`;
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined) throw new Error(`package-lock.json has no ${name}`);
  const installed = path.join(root, 'node_modules', name);
  if (existsSync(path.join(installed, 'bin/node')))
    return { folder: installed, version, remove: async () => undefined };
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-node-'));
  try {
    const run = promisify(execFile);
    const fetched = await run('npm', ['pack', `${name}@${version}`, '--json', '--pack-destination', folder], {
      timeout: FETCH_TIMEOUT_MS,
      maxBuffer: 64 * 1024 * 1024,
    }).catch((error: unknown) => {
      throw new Error(`${name}@${version} is not installed, and cannot be fetched: ${lastLine(error)}`, {
        cause: error,
      });
    });
    const [packed] = JSON.parse(fetched.stdout) as readonly { readonly filename: string }[];
    const archive = path.join(folder, path.basename(packed?.filename ?? ''));
    const found = `sha512-${createHash('sha512')
      .update(await readFile(archive))
      .digest('base64')}`;
    if (found !== integrity) throw new Error(`${name}@${version} is ${found}, package-lock.json expects ${integrity}`);
    await extract({ file: archive, cwd: folder, strip: 1 });
    await rm(archive);
    return { folder, version, remove: () => rm(folder, { recursive: true, force: true }) };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

const lastLine = (error: unknown): string => {
  const words = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  return words.trim().split('\n').at(-1) ?? '';
};
