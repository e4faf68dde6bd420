import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { Tally } from './tally.ts';

const root = path.resolve(import.meta.dirname, '..');
/** No test of ours may take longer, but for an outage that was asked to be long; a hung one fails with its name. */
const TEST_TIMEOUT_MS = 600_000 + 4_000 * Number(process.env['FENGSUI_OUTAGE_S'] ?? 0);

/** Runs test files; what they say is said, or ignored. @throws Error when the runner itself ended before it could count. */
export function runTestFiles(
  files: readonly string[],
  concurrency: number,
  said: 'inherit' | 'ignore' = 'inherit',
): Tally {
  const folder = mkdtempSync(path.join(tmpdir(), 'fengsui-tally-'));
  const tallyFile = path.join(folder, 'tally.json');
  const {
    // Set in a process that is itself a test: a run within it would count nothing.
    NODE_TEST_CONTEXT: _context,
    ...env
  } = process.env;
  try {
    const { status } = spawnSync(
      process.execPath,
      [
        '--test',
        `--test-concurrency=${concurrency}`,
        `--test-timeout=${TEST_TIMEOUT_MS}`,
        `--test-reporter=${path.join(root, 'tools/tally-reporter.ts')}`,
        '--test-reporter-destination=stdout',
        ...files,
      ],
      {
        cwd: root,
        stdio: ['ignore', said, said],
        env: {
          ...env,
          FENGSUI_TALLY_FILE: tallyFile,
          // Hundreds of processes load the same sources: each is stripped of its types and compiled once (see bin/fengsui.mjs).
          NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/fengsui'),
        },
      },
    );
    const tally = readTally(tallyFile);
    if (tally === undefined) throw new Error(`the test runner ended with ${String(status)} and counted nothing`);
    return tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readTally(file: string): Tally | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Tally;
  } catch {
    return undefined;
  }
}
