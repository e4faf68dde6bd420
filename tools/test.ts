/**
 * The whole contributor ritual: gates, then everything the tests need, then the tests. Ends with `N passed, N failed`,
 * and with the names of files that failed beside others and passed alone (`1 unstable: test/x.test.ts`).
 * `npm test -- PATTERN…` runs the test files whose path contains a pattern, without the gates.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { runTestFiles } from './run-test-files.ts';
import { secondLook, verdictWords, type Verdict } from './second-look.ts';
import { failedIn } from './tally.ts';

const root = path.resolve(import.meta.dirname, '..');
const patterns = process.argv.slice(2);

function step(words: string, act: () => boolean): boolean {
  console.log(`\n== ${words}`);
  const startedAt = performance.now();
  const isOk = act();
  console.log(`== ${words}: ${isOk ? 'ok' : 'FAILED'}, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return isOk;
}

const tool = (name: string) => (): boolean =>
  spawnSync(process.execPath, [name], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;

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

function verdict(): Verdict {
  const isPrepared =
    (patterns.length > 0 || step('gates', tool('tools/check.ts'))) &&
    step('what the tests need', tool('tools/servers/prepare.ts')) &&
    step('console', tool('tools/build-console.ts'));
  if (!isPrepared) return { passed: 0, failed: 1, unstable: [] };
  let first = {};
  step(`${files.length} test files`, () => failedIn((first = runTestFiles(files, 2))) === 0);
  return secondLook(first, (file) => {
    let again = {};
    step(`once more, alone: ${file}`, () => failedIn((again = runTestFiles([file], 1))) === 0);
    return again;
  });
}

let found: Verdict;
try {
  found = verdict();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  found = { passed: 0, failed: 1, unstable: [] };
}
console.log(`\n${verdictWords(found).join('\n')}`);
process.exit(found.failed === 0 && found.passed > 0 ? 0 : 1);
