import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';

const PASSWORD = 'quartz-lamp 58 violet';

let centre: ContractCentre;
before(async () => {
  centre = await ContractCentre.start();
});
after(() => centre.dispose());

const knock = (username: string, password: string, cookie = '') =>
  new ApiClient(centre.process.webUrl, undefined, { cookie }).post('/api/v1/login', { username, password });

test('99 strangers who log in at once hold up neither reports nor who is known here', async () => {
  await centre.provision.user('zhou', PASSWORD, 'operator');
  const first = await knock('zhou', PASSWORD);
  const browser = first.headers.getSetCookie().find((text) => text.startsWith('fengsui_browser=')) ?? '';
  assert.notEqual(browser, '');
  const device = await centre.device('ceiling');
  const strangers = Array.from({ length: 99 }, (_, n) => knock(`stranger${n}`, 'wrong'));
  let isOver = false;
  const all = Promise.all(strangers).finally(() => (isOver = true));
  const known = knock('zhou', PASSWORD, browser.split(';')[0]);
  const acknowledgedMs: number[] = [];
  let seq = 0;
  while (!isOver) {
    const from = performance.now();
    await device.telemetry({ epoch: 'd', seq: ++seq, at: Date.now(), values: { 'c1.currentA': seq } });
    acknowledgedMs.push(performance.now() - from);
    await sleep(20);
  }
  const answers = await all;
  // Every password that is looked at takes a thread of those that write the journal: with all of them, it was 11 s.
  assert.ok(Math.max(...acknowledgedMs) < 3_000, `acknowledged after ${Math.max(...acknowledgedMs)} ms`);
  assert.equal((await known).status, 200);
  const of = (status: number) => answers.filter((answer) => answer.status === status);
  assert.equal(of(401).length + of(503).length, 99);
  assert.ok(of(503).length >= 50, 'more than a line full is turned away at once');
  assert.equal(of(503)[0]?.headers.get('retry-after'), '5');
  assert.equal((of(503)[0]?.body as { code?: string }).code, 'tooBusy');
});
