/**
 * Builds the console into apps/console/dist when its sources changed. `node tools/build-console.ts` builds; the centre
 * calls {@link buildConsoleIfStale} at its start and goes on serving what is there meanwhile.
 */
import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

const root = path.resolve(import.meta.dirname, '..');
const consoleFolder = path.join(root, 'apps', 'console');
const hashFile = '.sources';
const abandonedAfterMs = 10 * 60_000;

/** Where the built console lies: index.html and assets/. */
export const consoleDist = path.join(consoleFolder, 'dist');

export type ConsoleBuild = { readonly built: boolean; readonly durationMs: number; readonly hash: string };

/**
 * Builds when the hash of the sources differs from the one recorded in dist/.sources. The new dist is made beside the old
 * one and takes its place by rename, so a reader finds the old or the new one, never half of it; a failed build leaves
 * the old one. Throws when the build fails.
 */
export async function buildConsoleIfStale(log: (line: string) => void): Promise<ConsoleBuild> {
  const startedAt = performance.now();
  const hash = await sourcesHash();
  if ((await recordedHash()) === hash) return { built: false, durationMs: performance.now() - startedAt, hash };
  log('console: sources changed, building');
  // The name ends in dist, which every gate ignores; .cache is ignored by git.
  const scratch = path.join(consoleFolder, '.cache', `${process.pid}-${hash.slice(0, 8)}`);
  const fresh = path.join(scratch, 'dist');
  try {
    await removeAbandoned();
    await mkdir(scratch, { recursive: true });
    await buildInto(fresh);
    await writeFile(path.join(fresh, hashFile), hash);
    await takePlace(fresh, path.join(scratch, 'old'), hash);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const durationMs = performance.now() - startedAt;
  log(`console: built in ${(durationMs / 1000).toFixed(1)} s`);
  return { built: true, durationMs, hash };
}

async function buildInto(outDir: string): Promise<void> {
  // Loaded only when there is something to build: an unchanged console starts without Vite.
  const { build } = await import('vite');
  await build({
    configFile: path.join(consoleFolder, 'vite.config.ts'),
    root: consoleFolder,
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
  });
}

/** Another process may build at the same moment: whoever renames last wins, and equal sources give equal files. */
async function takePlace(fresh: string, old: string, hash: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const aside = `${old}-${attempt}`;
    await rename(consoleDist, aside).catch(ignoreMissing);
    try {
      return await rename(fresh, consoleDist);
    } catch (error) {
      if ((await recordedHash()) === hash) return;
      await rename(aside, consoleDist).catch(() => undefined); // whatever stands there now is a whole dist
      if (attempt >= 3) throw error;
    }
  }
}

/** A build that was killed leaves its folder behind; one as old as this is no build any more. */
async function removeAbandoned(): Promise<void> {
  const cache = path.join(consoleFolder, '.cache');
  for (const name of await readdir(cache).catch(() => [])) {
    const folder = path.join(cache, name);
    const facts = await stat(folder).catch(() => undefined);
    if (facts && Date.now() - facts.mtimeMs > abandonedAfterMs) await rm(folder, { recursive: true, force: true });
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}

async function recordedHash(): Promise<string | undefined> {
  try {
    return await readFile(path.join(consoleDist, hashFile), 'utf8');
  } catch {
    return undefined;
  }
}

/** SHA-256 over names and contents of everything the build reads; tests are left out, they are not in it. */
async function sourcesHash(): Promise<string> {
  const files = globSync(
    [
      'apps/console/{index.html,vite.config.ts,package.json,tsconfig.json}',
      'apps/console/src/**/*.*',
      'packages/{alarm,protocol,signal}/{package.json,src/**/*.ts}',
      'package-lock.json',
    ],
    { cwd: root },
  )
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !file.endsWith('.test.ts'))
    .sort();
  if (files.length < 10) throw new Error(`console sources: ${files.length} files found in ${root}; expected many more`);
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(await readFile(path.join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

if (process.argv[1] === import.meta.filename) {
  const { built, durationMs, hash } = await buildConsoleIfStale((line) => console.log(line));
  if (!built) console.log(`console: up to date (${hash.slice(0, 12)}, ${durationMs.toFixed(0)} ms)`);
}
