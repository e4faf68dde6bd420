import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, mock, test } from 'node:test';
import { mappingCommand } from './mapping.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-mapping-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const file = async (name: string, content: unknown): Promise<string> => {
  const place = path.join(folder, name);
  await writeFile(place, typeof content === 'string' ? content : JSON.stringify(content));
  return place;
};

async function run(
  ...args: string[]
): Promise<{ readonly code: number; readonly out: string; readonly words: string }> {
  const log = mock.method(console, 'log', () => undefined);
  const error = mock.method(console, 'error', () => undefined);
  try {
    const code = await mappingCommand.run(args);
    const textOf = (calls: typeof log.mock.calls): string => calls.map((call) => String(call.arguments)).join('\n');
    return { code, out: textOf(log.mock.calls), words: textOf(error.mock.calls) };
  } finally {
    log.mock.restore();
    error.mock.restore();
  }
}

const mapping = {
  schemaVersion: 1,
  name: 'm',
  device: { path: 'id' },
  conditions: [{ path: 'smoke', cases: { true: { kind: 'smoke' } } }],
};

test('try prints what the mapping makes of a message, and fails when something is not mapped', async () => {
  const sound = await file('m.json', mapping);
  const mapped = await run('try', sound, '--body', await file('b.json', { id: 'S1', smoke: true }));
  assert.equal(mapped.code, 0);
  assert.deepEqual((JSON.parse(mapped.out) as { statements: unknown }).statements, [
    { deviceId: 'S1', kind: 'condition', eventKind: 'smoke', point: '', level: 'alarm', active: true },
  ]);
  const other = await run('try', sound, '--body', await file('c.json', { id: 'S1', smoke: 'perhaps' }));
  assert.equal(other.code, 1);
  assert.match(other.out, /"reason": "caseMissing"/);
  assert.equal((await run('check', sound)).code, 0);
});

test('what is wrong with a mapping or a message is said', async () => {
  const unsound = await run('check', await file('u.json', { ...mapping, device: { path: 'a..b' } }));
  assert.equal(unsound.code, 1);
  assert.match(unsound.words, /u\.json: device\.path is "a\.\.b": expected a name/);
  const sound = await file('s.json', mapping);
  const broken = await file('broken.json', '{');
  const unread = await run('try', sound, '--body', broken);
  assert.equal(unread.code, 1);
  assert.match(unread.out, /"reason": "notJson"/);
  await assert.rejects(run('show', sound), /expected try or check/);
  await assert.rejects(run('try'), /one mapping file is needed/);
});
