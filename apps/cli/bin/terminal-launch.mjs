#!/usr/bin/env node
// Starts the terminal's program out of versions/, and goes back when a new one is broken. Copied to the folder of the
// versions and never updated with them: it must work when what it starts does not. docs/guides/releases.md
import { existsSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const MOST_STARTS = 3;
const ENTRY = 'apps/cli/bin/fengsui.mjs';
const root = import.meta.dirname;
const file = (name) => path.join(root, name);

function read(name) {
  try {
    return JSON.parse(readFileSync(file(name), 'utf8'));
  } catch {
    return undefined;
  }
}

function write(name, value) {
  writeFileSync(file(`${name}.part`), JSON.stringify(value), { flush: true, mode: 0o600 });
  renameSync(file(`${name}.part`), file(name));
}

/** What ran before runs again; it tells the centre why. */
function goBack({ rolloutId, manifest }, code, detail) {
  const before = read('previous.json')?.version;
  if (typeof before !== 'string' || !existsSync(file(`versions/${before}/${ENTRY}`))) return false;
  rmSync(file('current.part'), { force: true });
  symlinkSync(path.join('versions', before), file('current.part'));
  renameSync(file('current.part'), file('current'));
  write('outcome.json', { rolloutId, version: manifest.version, state: 'failed', code, detail });
  rmSync(file('previous.json'), { force: true });
  rmSync(file('probation.json'), { force: true });
  console.error(`terminal ${manifest.version}: ${detail}; back to ${before}`);
  return true;
}

const isOnTrial = (trial) =>
  trial !== undefined && path.basename(readlinkSync(file('current'))) === trial.manifest.version;

const trial = read('probation.json');
if (isOnTrial(trial)) {
  if (trial.starts >= MOST_STARTS) goBack(trial, 'restarts', `it did not stay up through ${trial.starts} starts`);
  else {
    write('probation.json', { ...trial, starts: trial.starts + 1 });
    // Also when it runs and never gets well: what it does itself about that may be what is broken.
    const leftMs = Math.min(2 ** 31 - 1, Math.max(1_000, trial.until - Date.now() + 30_000));
    setTimeout(() => {
      const now = read('probation.json');
      if (now !== undefined && isOnTrial(now) && goBack(now, 'notHealthy', 'it was not well in time')) process.exit(1);
    }, leftMs).unref();
  }
} else if (trial !== undefined) rmSync(file('probation.json'), { force: true });

await import(pathToFileURL(path.join(root, 'current', ENTRY)).href);
