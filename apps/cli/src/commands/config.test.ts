import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fengsui } from '../../../../test/harness/centre-process.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-config-'));
after(() => rm(folder, { recursive: true, force: true }));

type Shown = readonly { readonly key: string; readonly value: unknown; readonly from: string }[];

test('config show says every value and where it came from, and never a secret', async () => {
  await writeFile(path.join(folder, 'config.json'), '{"web":{"port":9000},"log":{"level":"debug"}}');
  const env = { FENGSUI_WEB_PORT: '0', FENGSUI_DATABASE_URL: 'postgres://fengsui:geheim@db/fengsui' };
  const { code, stdout, stderr } = await fengsui(['config', 'show', '--json', '--data', folder], { env });
  assert.deepEqual([code, stderr], [0, '']);
  const shown = JSON.parse(stdout) as Shown;
  const of = (key: string) => shown.find((setting) => setting.key === key);
  assert.deepEqual(of('web.port'), { key: 'web.port', value: 0, from: 'environment' });
  assert.deepEqual(of('log.level'), { key: 'log.level', value: 'debug', from: 'file' });
  assert.deepEqual(of('mqtt.port'), { key: 'mqtt.port', value: 1883, from: 'default' });
  assert.deepEqual(of('database.url'), { key: 'database.url', value: '(set)', from: 'environment' });
  const words = await fengsui(['config', 'show', '--data', folder], { env });
  assert.match(words.stdout, /^web\.port = 0 {2}\[environment\]$/m);
  assert.match(words.stdout, /^database\.url = \(set\) {2}\[environment\]$/m);
  assert.ok(!(words.stdout + stdout).includes('geheim'));
});

test('config check says that all is well, or every problem on a line of its own', async () => {
  await writeFile(path.join(folder, 'config.json'), '{}');
  const well = await fengsui(['config', 'check', '--data', folder]);
  assert.deepEqual(well, { code: 0, stdout: '', stderr: 'the configuration is valid\n' });
  const env = { FENGSUI_WEBPORT: '1', FENGSUI_MQTT_PORT: '-1' };
  const wrong = await fengsui(['config', 'check', '--data', folder], { env });
  assert.deepEqual([wrong.code, wrong.stdout], [1, '']);
  assert.deepEqual(wrong.stderr.trimEnd().split('\n').sort(), [
    'FENGSUI_MQTT_PORT is "-1", expected a port from 0 (any free one) to 65535',
    'environment variable FENGSUI_WEBPORT is unknown; did you mean FENGSUI_WEB_PORT?',
  ]);
});

test('a configuration file named by FENGSUI_CONFIG takes the place of the folder’s', async () => {
  const file = path.join(folder, 'elsewhere.json');
  await writeFile(file, '{"web":{"port":7000}}');
  const { stdout } = await fengsui(['config', 'show', '--json', '--data', folder], { env: { FENGSUI_CONFIG: file } });
  const port = (JSON.parse(stdout) as Shown).find(({ key }) => key === 'web.port');
  assert.deepEqual(port, { key: 'web.port', value: 7_000, from: 'file' });
});
