import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { freePort } from '../../tools/servers/free-port.ts';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { ApiClient } from '../contract/client/api-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { LiveClient } from '../contract/client/live-client.ts';
import { Provision } from '../contract/client/provision.ts';
import { logIn, openBrowser, openPage, shoot } from '../harness/browser.ts';
import { CentreProcess, fengsui } from '../harness/centre-process.ts';
import { startMailServer, WebhookReceiver, type Received } from './receivers.ts';

const PASSWORD = 'long-enough-for-night-shift';
const SECRET = 'what the duty room and the watcher know';
const cli = path.resolve(import.meta.dirname, '../../apps/cli/bin/fengsui.mjs');

type Readiness = {
  readonly status: string;
  readonly troubles: readonly string[];
  readonly functions: readonly { readonly name: string; readonly state: string; readonly reason?: string }[];
  readonly canary?: { readonly ageS: number; readonly lastS?: number; readonly missedInARow: number };
};

let postgres: PostgresServer;
let centre: CentreProcess;
let api: ApiClient;
let webhook: WebhookReceiver;
let browser: Browser | undefined;
let folder = '';
let mailPort = 0;
const mails: string[] = [];
let watcher: ChildProcess | undefined;
let watcherWords = '';

const metrics = async (): Promise<string> => (await fetch(`${centre.webUrl}/metrics`)).text();
const metric = async (name: string): Promise<number> =>
  Number((await metrics()).split('\n').find((line) => line.startsWith(`${name} `))?.split(' ')[1] ?? NaN); // prettier-ignore
const readiness = async (): Promise<Readiness> =>
  (await (await fetch(`${centre.webUrl}/readyz`, { signal: AbortSignal.timeout(10_000) })).json()) as Readiness;
const canaryIsThrough = (): Promise<Readiness> =>
  eventually('a canary to come through', async () => {
    const found = await readiness();
    return found.canary?.lastS !== undefined && found.canary.missedInARow === 0 && found.status === 'ready'
      ? found
      : undefined;
  });

function startWatcher(): void {
  watcherWords = '';
  const child = spawn(process.execPath, [cli, 'watch', '--config', path.join(folder, 'watch.json')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.on('data', (piece: Buffer) => (watcherWords += piece.toString('utf8')));
  watcher = child;
}

async function endWatcher(signal: NodeJS.Signals): Promise<number | null> {
  const child = watcher;
  watcher = undefined;
  if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.kill(signal);
  return ended;
}

let read = 0;
/** The next call the duty room gets. */
async function nextCall(): Promise<Received> {
  const had = read++;
  return eventually(`call ${had + 1} at the duty room`, () => webhook.calls[had]).catch((error: unknown) => {
    throw new Error(`${String(error)}\nthe watcher said:\n${watcherWords}`);
  });
}

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-watch-'));
  postgres = await startPostgresServer();
  webhook = await WebhookReceiver.start(SECRET);
  mailPort = await freePort();
  centre = await CentreProcess.start({
    env: { FENGSUI_DATABASE_URL: postgres.url, FENGSUI_CANARY_EVERYS: '1' },
  });
  api = new ApiClient(centre.webUrl, await new Provision(centre).token('shiftLeader'));
  await writeFile(path.join(folder, 'secret'), SECRET);
  await writeFile(
    path.join(folder, 'watch.json'),
    JSON.stringify({
      name: '试点中心',
      centre: centre.webUrl,
      everyS: 1,
      timeoutS: 2,
      canaryAgeS: 6,
      otherTarget: `127.0.0.1:${new URL(webhook.url).port}`,
      webhooks: [{ url: webhook.url, secretFile: 'secret' }],
      mail: {
        host: '127.0.0.1',
        port: mailPort,
        security: 'none',
        from: 'watch@fengsui.test',
        to: ['duty@fengsui.test'],
      },
    }),
  );
});

after(async () => {
  await browser?.close();
  await endWatcher('SIGKILL');
  await centre?.dispose();
  await webhook?.stop();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a canary alarm comes through door, journal, store and feed, and nobody sees it', async () => {
  const token = await centre.createToken('shiftLeader');
  const live = await LiveClient.open(centre.webUrl, token);
  live.subscribe({ topics: ['alarms', 'values', 'presence', 'commands', 'workOrders'] });
  const first = await canaryIsThrough();
  assert.deepEqual(
    first.functions.filter(({ name, state }) => state !== 'works' && name !== 'backup'),
    [],
  );
  const position = await metric('fengsui_feed_position');
  await eventually('two more rounds', async () => (await metric('fengsui_feed_position')) >= position + 2);
  assert.ok((await metric('fengsui_canary_last_seconds')) > 0);
  assert.match(await metrics(), /^fengsui_canary_rounds_total\{outcome="seen"\} [1-9]/m);
  assert.match(await metrics(), /^fengsui_canary_seconds\{quantile="0.99"\} \d/m);
  assert.match(await metrics(), /^fengsui_commit_seconds\{quantile="0.5"\} 0\.\d/m);
  // Nothing of it anywhere else.
  assert.equal(JSON.stringify(live.frames).includes('anary'), false);
  assert.equal(await metric('fengsui_mqtt_sessions'), 0);
  assert.equal(await metric('fengsui_feed_clients'), 1);
  assert.equal(await metric('fengsui_reports_total'), 0);
  assert.equal(await metric('fengsui_quarantined_total'), 0);
  for (const address of ['/api/v1/alarms', '/api/v1/devices', '/api/v1/late-hazards']) {
    const { items } = await api.get<{ items: readonly unknown[] }>(address);
    assert.deepEqual(items, [], address);
  }
  live.ws.terminate();
});

test('a test call goes over every channel, and says which one does not work', async () => {
  const tried = await fengsui(['watch', '--config', path.join(folder, 'watch.json'), '--test']);
  assert.match(tried.stdout, /^ok {4}webhook http:.*\nfail {2}mail 127.0.0.1:\d+ duty@fengsui.test: .*ECONNREFUSED/);
  assert.equal(tried.code, 1);
  assert.deepEqual(
    webhook.calls.splice(0).map(({ kind }) => kind),
    ['test'],
  );
});

test('one look for a scheduler says how the centre is, and fails when it is not well', async () => {
  const look = await fengsui(['watch', '--config', path.join(folder, 'watch.json'), '--once']);
  assert.deepEqual([look.code, look.stdout], [0, 'well: the centre answers and is ready\n']);
});

test('when alarms do not come through, /readyz says what is held, the duty room is called, and the desk has a fault', async () => {
  startWatcher();
  await eventually('the watcher to have looked', () => watcherWords.includes('well:'));
  browser = await openBrowser();
  const seats = [
    { seat: await openPage(browser, 'zh-CN', 1440, 800), path: '/desk', name: 'centre-state-desk-zh' },
    { seat: await openPage(browser, 'en-GB'), path: '/wall', name: 'centre-state-wall-en' },
  ];
  await centre.createUser('seat', 'operator', PASSWORD);
  for (const { seat, path: page } of seats) {
    await logIn(seat, centre.webUrl, 'seat', PASSWORD);
    await seat.page.goto(`${centre.webUrl}${page}`);
    await seat.page.locator('[data-testid=feed-state][data-state=live]').waitFor();
    assert.equal(await seat.page.locator('[data-testid=centre-state]').count(), 0, 'nothing is said while all is well');
  }
  await postgres.kill9();
  const call = await nextCall();
  assert.deepEqual([call.kind, call.finding], ['outage', 'standing']);
  assert.equal(call.functions?.find(({ name }) => name === 'alarms')?.state, 'held');
  const found = await eventually('three rounds to be missed', async () => {
    const state = await readiness();
    return (state.canary?.missedInARow ?? 0) >= 3 ? state : undefined;
  });
  assert.equal(found.status, 'notReady');
  assert.ok(found.troubles.some((trouble) => trouble.startsWith('canary alarms do not come through')));
  const stateOf = (name: string): string | undefined => found.functions.find((one) => one.name === name)?.state;
  assert.deepEqual(['alarms', 'screens', 'history', 'commands'].map(stateOf), ['held', 'held', 'held', 'held']);
  for (const { seat, name } of seats) {
    const bar = seat.page.locator('[data-testid=centre-state]');
    await bar.locator('[data-function=alarms]').waitFor();
    assert.match((await bar.textContent()) ?? '', /新告警到不了这里|New alarms do not get here/);
    assert.match(
      (await seat.page.getByTestId('queue-empty').textContent()) ?? '',
      /现在有没有告警，不知道|whether there is one now is not known/,
    );
    await shoot(seat.page, name);
  }
  await postgres.restart();
  await canaryIsThrough();
  const well = await nextCall();
  assert.deepEqual([well.kind, well.finding], ['well', 'well']);
  for (const { seat } of seats) await seat.page.locator('[data-testid=centre-state]').waitFor({ state: 'detached' });
  await browser.close();
  const fault = await eventually('the fault on the desk', async () =>
    (
      await api.get<{ items: readonly { kind: string; deviceId: string; clearedAt?: string }[] }>('/api/v1/alarms')
    ).items //
      .find(({ kind, clearedAt }) => kind === 'canaryMissed' && clearedAt !== undefined),
  );
  assert.equal(fault.deviceId, 'centre');
});

test('a centre that is paused does not answer: the duty room is called, and again when it goes on', async () => {
  const pid = centre.pid;
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGSTOP');
  try {
    const call = await nextCall();
    assert.deepEqual([call.kind, call.finding], ['outage', 'down']);
    assert.match(call.reason, /no answer within 2 s.*is reached from here/);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  assert.equal((await nextCall()).kind, 'well');
});

test('a killed centre is told once, though the watcher itself is killed amid it, and the mail goes when its server is back', async () => {
  await centre.kill9();
  const call = await nextCall();
  assert.deepEqual([call.kind, call.finding], ['outage', 'down']);
  type Kept = { readonly deliveries: readonly { readonly channel: string }[]; readonly outage?: { kind: string } };
  const state = async (): Promise<Kept> =>
    JSON.parse(await readFile(path.join(folder, 'watch.state.json'), 'utf8')) as Kept;
  // Killed between the call and its being on record it would call once more: better than never.
  await eventually('the call to be on record', async () =>
    (await state()).deliveries.every(({ channel }) => channel.startsWith('mail')),
  );
  await endWatcher('SIGKILL');
  const kept = await state();
  assert.equal(kept.outage?.kind, 'down');
  assert.ok(kept.deliveries.length > 0, 'the mails that could not be sent are kept');
  const mail = await startMailServer(mailPort, (text) => mails.push(text));
  try {
    startWatcher();
    await eventually('the mails of three outages', () => mails.length >= 5);
    const subjectOf = (text: string): string => /^Message-ID: <([^>]+)>/im.exec(text)?.[1] ?? '';
    assert.equal(new Set(mails.map(subjectOf)).size, mails.length, 'none came twice');
    assert.match(mails[0] ?? '', /^To: duty@fengsui.test/m);
    await centre.up();
    assert.equal((await nextCall()).kind, 'well');
    assert.equal(webhook.refused, 0);
    assert.equal(webhook.calls.length, 6, 'no call was made twice');
    await eventually('the mail that it is well', () => mails.length === 6);
  } finally {
    await mail.stop();
  }
});

test('the watcher takes less than 80 MB, and ends at once when it is told to', async () => {
  const status = await readFile(`/proc/${watcher?.pid}/status`, 'utf8');
  const residentKb = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
  assert.ok(residentKb > 0 && residentKb < 80 * 1024, `${residentKb} KiB`);
  assert.equal(await endWatcher('SIGTERM'), 0);
});
