import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const main = resolve(here, '../main.ts');
const recordings = resolve(here, '../../../../../shared/data/fingerprint/plaid-features');

function evaluate(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'evaluate', ...args], {
    encoding: 'utf8',
    timeout: 300_000,
  });
  return { status, stdout, stderr };
}

test('a random split ends with 2 and prints no data', () => {
  const { status, stdout, stderr } = evaluate('plaid', '--train', 'x', '--test', 'x', '--split', 'random');
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /--split random is refused/);
});

test('a folder that is not there ends with 2, and the line names the flag, the folder and what is expected', () => {
  const calls = [
    ['--train', ['plaid', '--train', 'no-such', '--test', here]],
    ['--train', ['aggregate', '--train=no-such', '--test', here]],
    ['--test', ['arc', '--test', 'no-such']],
    // A file is no folder.
    ['--test', ['arc', '--test', main]],
  ] as const;
  for (const [flag, args] of calls) {
    const { status, stdout, stderr } = evaluate(...args);
    assert.deepEqual([status, stdout], [2, ''], `${args.join(' ')}\n${stderr}`);
    const line = new RegExp(`${flag} (no-such|.*main\\.ts): there is no such folder; expected a folder .*index\\.json`);
    assert.match(stderr, line);
  }
});

const absent = existsSync(recordings) ? false : 'the recordings ../shared/data/fingerprint are not here';
const slow = process.env['FENGSUI_SLOW_TESTS'] === '1' ? false : 'two minutes long: set FENGSUI_SLOW_TESTS=1';

test('plaid by house prints one JSON object with its bars', { skip: absent || slow }, () => {
  const { status, stdout } = evaluate('plaid', '--train', recordings, '--test', recordings, '--json');
  assert.equal(status, 0);
  const report: unknown = JSON.parse(stdout);
  assert.ok(typeof report === 'object' && report !== null && 'metrics' in report && 'bars' in report);
});
