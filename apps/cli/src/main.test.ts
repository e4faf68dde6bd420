import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fengsui } from '../../../test/harness/centre-process.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const commands = ['start', 'terminal', 'device', 'venue', 'user', 'token', 'capture', 'tls', 'config', 'db'];

test('--version is the version of the package, on stdout', async () => {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  for (const word of ['--version', 'version'])
    assert.deepEqual(await fengsui([word]), { code: 0, stdout: `${version}\n`, stderr: '' });
});

test('without a command, and with --help, every command is named with a line of words', async () => {
  const [bare, help] = await Promise.all([fengsui([]), fengsui(['--help'])]);
  assert.deepEqual(bare, help);
  assert.deepEqual([help.code, help.stderr], [0, '']);
  for (const command of commands) assert.match(help.stdout, new RegExp(`^  ${command} +\\S`, 'm'));
});

test('an unknown command is a usage error with the nearest one', async () => {
  const { code, stdout, stderr } = await fengsui(['strat', '--demo']);
  assert.deepEqual([code, stdout], [2, '']);
  assert.equal(stderr, 'fengsui: there is no command strat; did you mean start? "fengsui --help" lists them\n');
});

test('every command explains itself, examples first, without doing anything', { timeout: 400_000 }, async () => {
  for (const command of commands) {
    const { code, stdout, stderr } = await fengsui([command, '--help']);
    assert.deepEqual([code, stderr], [0, ''], command);
    assert.match(stdout, new RegExp(`\nfengsui ${command}\\b`), command);
  }
});

test('an unknown option or action is a usage error with the usage', { timeout: 400_000 }, async () => {
  const calls = [
    ['start', '--prot', '1'],
    ['start', 'now'],
    ['device', 'make'],
    ['device', 'create', '--id', 'D1'],
    ['device', 'revoke'],
    ['user', 'create', '--name', 'x'],
    ['token', 'create'],
    ['token', 'create', '--role', 'operator', '--days', '-1'],
    ['venue', 'create', '--id', 'V1', '--class', 'castle'],
    ['config', 'print'],
    ['db', 'drop'],
  ];
  for (const call of calls) {
    const { code, stdout, stderr } = await fengsui(call);
    assert.deepEqual([code, stdout], [2, ''], call.join(' '));
    assert.match(stderr, new RegExp(`^fengsui ${call[0]}: \\S.*\n[^]*\nfengsui ${call[0]} `), call.join(' '));
  }
});
