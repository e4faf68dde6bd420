import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runSuite } from './run-suite.ts';
import { EvaluationError, SuiteUsageError } from './suite.ts';

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fengsui-evaluate-'));
  folders.push(folder);
  return folder;
}

const quiet = (): void => undefined;

async function refused(args: readonly string[], words: RegExp): Promise<void> {
  await assert.rejects(runSuite(args, quiet), (error: unknown) => {
    assert.ok(error instanceof SuiteUsageError, String(error));
    assert.match(error.message, words);
    return true;
  });
}

test('a random split over grouped data is refused, and says why', async () => {
  await refused(['plaid', '--train', 'a', '--test', 'a', '--split', 'random'], /measures memory/);
  await refused(['plaid', '--train', 'a', '--test', 'a', '--split', 'odd'], /--split odd: expected group/);
});

test('a wrong call is a usage error that says what was expected', async () => {
  await refused([], /one suite of plaid /);
  await refused(['nosuch'], /nosuch: expected one suite of plaid /);
  await refused(['plaid', '--train', 'a'], /plaid: --test DIR is needed/);
  await refused(['plaid', '--train', 'a', '--test', 'a', '--seed', '-1'], /--seed/);
  await refused(['plaid', '--train', 'a', '--test', 'a', '--seed', 'x'], /--seed x: expected a whole number/);
  await refused(['enrol', '--nosuch'], /--nosuch[\s\S]*--draws: how often/);
});

test('a folder that is not there, or is no data folder, is named', async () => {
  const folder = await scratchFolder();
  const plaid = (dir: string): readonly string[] => ['plaid', '--train', dir, '--test', dir];
  const failed = (words: RegExp) => (error: unknown) => error instanceof EvaluationError && words.test(error.message);
  await assert.rejects(runSuite(plaid(join(folder, 'none')), quiet), failed(/none: there is no such folder/));
  await assert.rejects(runSuite(plaid(folder), quiet), failed(/index.json is missing/));
  await writeFile(join(folder, 'index.json'), '[');
  await assert.rejects(runSuite(plaid(folder), quiet), failed(/index.json: .*JSON/));
  await writeFile(join(folder, 'index.json'), '{"files":3}');
  await assert.rejects(runSuite(plaid(folder), quiet), failed(/files is 3, expected a list of objects/));
});
