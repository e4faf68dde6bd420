/**
 * `node bench/peers/install.ts`: what the peers need beyond the tests' programs, into node_modules/.cache/peers.
 * Never a part of `npm ci`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const NODE_RED = '5.0.7';
export const peersFolder = path.resolve(import.meta.dirname, '../../node_modules/.cache/peers');
export const nodeRedFile = path.join(peersFolder, 'node_modules/node-red/red.js');

/** Resolves nothing, downloads at most once. @throws Error of npm when the registry does not answer. */
export function installPeers(): void {
  if (existsSync(nodeRedFile)) return;
  mkdirSync(peersFolder, { recursive: true });
  writeFileSync(path.join(peersFolder, 'package.json'), '{"private":true}\n');
  const packages = [`node-red@${NODE_RED}`, 'pg@8.23.1'];
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', ...packages], {
    cwd: peersFolder,
    stdio: 'inherit',
    timeout: 600_000,
  });
}

if (process.argv[1] === import.meta.filename) installPeers();
