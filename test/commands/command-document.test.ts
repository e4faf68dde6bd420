import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { commandNames } from '@fengsui/protocol';
import { isSigned, keyIdOf, type WireCommand } from './obeying-device.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/reference/commands.md'), 'utf8');

function block(name: string): string {
  const found = new RegExp(`\`\`\`\\w+ ${name}\\n([^\`]*)\\n\`\`\``).exec(page)?.[1];
  assert.ok(found !== undefined, `block ${name}`);
  return found;
}

test('the command printed on the page is signed by the key printed beside it, over the text printed between', () => {
  const command = JSON.parse(block('signed')) as WireCommand;
  const { keyId, publicKey } = JSON.parse(block('key')) as { keyId: string; publicKey: string };
  assert.equal(keyIdOf(publicKey), keyId);
  assert.equal(command.keyId, keyId);
  assert.ok(isSigned(command, publicKey));
  assert.ok(!isSigned({ ...command, expiresAt: command.expiresAt + 1 }, publicKey));
  const { signature: _covered, ...signed } = command;
  assert.deepEqual(JSON.parse(block('canonical')), signed);
});

test('the page has a row for every command', () => {
  for (const name of commandNames) assert.ok(page.includes(`| \`${name}\` |`), name);
});
