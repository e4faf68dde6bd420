/**
 * The whole contributor ritual: gates, then everything the tests need, then the tests. Ends with `N passed, N failed`.
 * `npm test -- PATTERN…` runs the test files whose path contains a pattern, without the gates.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

const root = path.resolve(import.meta.dirname, '..');
const patterns = process.argv.slice(2);
/** No test of ours may take longer, but for an outage that was asked to be long; a hung one fails with its name. */
const TEST_TIMEOUT_MS = 600_000 + 4_000 * Number(process.env['FENGSUI_OUTAGE_S'] ?? 0);

function step(words: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean {
  console.log(`\n== ${words}`);
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  console.log(
    `== ${words}: ${status === 0 ? 'ok' : 'FAILED'}, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  );
  return status === 0;
}

const all = globSync(
  [
    'packages/*/{src,test}/**/*.test.ts',
    'apps/*/{src,test}/**/*.test.ts',
    'tools/**/*.test.ts',
    'bench/**/*.test.ts',
    'test/**/*.test.ts',
  ],
  {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  },
).sort();
const files = patterns.length === 0 ? all : all.filter((file) => patterns.some((pattern) => file.includes(pattern)));
if (files.length === 0) {
  console.error(`no test file matches ${patterns.join(' ') || 'anything'}: a test run that sees nothing is broken`);
  process.exit(1);
}

const folder = mkdtempSync(path.join(tmpdir(), 'fengsui-tally-'));
const tallyFile = path.join(folder, 'tally.json');
let passed = 0;
let failed = 0;
try {
  const isPrepared =
    (patterns.length > 0 || step('gates', ['tools/check.ts'])) &&
    step('what the tests need', ['tools/servers/prepare.ts']) &&
    step('console', ['tools/build-console.ts']);
  if (isPrepared) {
    step(
      `${files.length} test files`,
      [
        '--test',
        '--test-concurrency=2',
        `--test-timeout=${TEST_TIMEOUT_MS}`,
        `--test-reporter=${path.join(root, 'tools/tally-reporter.ts')}`,
        '--test-reporter-destination=stdout',
        ...files,
      ],
      // Hundreds of processes load the same sources: each is stripped of its types and compiled once (see bin/fengsui.mjs).
      { FENGSUI_TALLY_FILE: tallyFile, NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/fengsui') },
    );
    ({ passed, failed } = JSON.parse(readFileSync(tallyFile, 'utf8')) as { passed: number; failed: number });
  } else {
    failed = 1;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  failed += 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
