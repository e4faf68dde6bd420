import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { runTestFiles } from './run-test-files.ts';
import { secondLook, verdictWords } from './second-look.ts';
import type { Tally } from './tally.ts';

const root = path.resolve(import.meta.dirname, '..');
let folder: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fengsui-second-look-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** A test file outside the tree, by its path as the tally names it. */
function testFile(name: string, body: string): string {
  const file = path.join(folder, name);
  writeFileSync(
    file,
    `import { existsSync, writeFileSync } from 'node:fs';\nimport { before, test } from 'node:test';\n${body}`,
  );
  return path.relative(root, file);
}

const steady = () => testFile('steady.test.ts', `test('one', () => {});\ntest('two', () => {});\n`);
const broken = (name = 'broken.test.ts') =>
  testFile(name, `test('well', () => {});\ntest('never', () => { throw new Error('as always\\nsecond line'); });\n`);
/** Fails at the first run alone: a mark is left for the second. */
const flaky = () =>
  testFile(
    'flaky.test.ts',
    `const mark = ${JSON.stringify(path.join(folder, 'mark'))};
test('now and then', () => {
  if (existsSync(mark)) return;
  writeFileSync(mark, '');
  throw new Error('too slow');
});
test('always', () => {});
`,
  );

test('a file that fails beside others and passes alone is unstable by name, and its tests count once', () => {
  const file = flaky();
  const first = runTestFiles([steady(), file], 2, 'ignore');
  assert.deepEqual(first[file], { passed: 1, failed: 1, firstError: 'now and then: too slow' });
  const verdict = secondLook(first, (suspect) => runTestFiles([suspect], 1, 'ignore'));
  assert.deepEqual(verdict, { passed: 4, failed: 0, unstable: [{ file, firstError: 'now and then: too slow' }] });
  assert.deepEqual(verdictWords(verdict), [
    `unstable (failed, then passed alone): ${file}: now and then: too slow`,
    `4 passed, 0 failed, 1 unstable: ${file}`,
  ]);
  assert.ok(existsSync(path.join(folder, 'mark')));
});

test('a file that fails alone too has failed, and counts once; so has one whose preparation fails', () => {
  const unprepared = testFile(
    'unprepared.test.ts',
    `before(() => { throw new Error('no server'); });\ntest('needs it', () => {});\n`,
  );
  const first = runTestFiles([steady(), broken(), unprepared], 2, 'ignore');
  const looked: string[] = [];
  const verdict = secondLook(first, (suspect) => {
    looked.push(suspect);
    return runTestFiles([suspect], 1, 'ignore');
  });
  assert.deepEqual(looked.sort(), [broken(), unprepared].sort());
  assert.deepEqual(verdict.unstable, []);
  assert.equal(verdict.passed, 3);
  assert.equal(verdict.failed, 1 + (first[unprepared]?.failed ?? 0));
  assert.deepEqual(verdictWords(verdict), [`3 passed, ${verdict.failed} failed`]);
});

test('a file that ends its process is a failure that a second look does not talk away', () => {
  const dies = testFile('dies.test.ts', `test('dies', () => { process.kill(process.pid, 'SIGKILL'); });\n`);
  const verdict = secondLook(runTestFiles([steady(), dies], 2, 'ignore'), (suspect) =>
    runTestFiles([suspect], 1, 'ignore'),
  );
  assert.equal(verdict.passed, 2);
  assert.ok(verdict.failed > 0);
});

const notAsked = (): Tally => assert.fail('looked at again');

test('more than two files that failed, a failure of no file, and a file that ran alone are not looked at again', () => {
  const bad = { passed: 3, failed: 1, firstError: 'a: b' };
  assert.deepEqual(secondLook({ a: bad, b: bad, c: bad, d: { passed: 5, failed: 0 } }, notAsked), {
    passed: 14,
    failed: 3,
    unstable: [],
  });
  assert.equal(secondLook({ '': bad, d: { passed: 5, failed: 0 } }, notAsked).failed, 1);
  assert.equal(secondLook({ a: bad }, notAsked).failed, 1);
});

test('a second run that saw no test changes nothing', () => {
  const first = { a: { passed: 3, failed: 1, firstError: 'a: b' }, b: { passed: 1, failed: 0 } };
  assert.deepEqual(
    secondLook(first, () => ({})),
    { passed: 4, failed: 1, unstable: [] },
  );
});
