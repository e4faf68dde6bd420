import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ApiClient } from '../contract/client/api-client.ts';
import { assertProblem } from '../contract/client/assert-problem.ts';
import { ContractCentre } from '../contract/client/contract-centre.ts';
import { eventually } from '../contract/client/eventually.ts';
import { fengsui } from '../harness/centre-process.ts';
import { TerminalProcess } from '../harness/terminal-process.ts';

const TIMEOUT = { timeout: 400_000 };

type Ended = { readonly id: string; readonly state: string; readonly code?: string; readonly result?: unknown };

let centre: ContractCentre;
let technician: ApiClient;
let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-obeys-'));
  centre = await ContractCentre.start();
  technician = new ApiClient(centre.process.webUrl, await centre.provision.token('technician'));
}, TIMEOUT);
after(async () => {
  await centre.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function ordered(deviceId: string, name: string, args: object = {}): Promise<Ended> {
  // A terminal says that it is connected a moment before the centre has its subscription.
  const answer = await eventually(`${deviceId} to hear commands`, async () => {
    const given = await technician.post(`/api/v1/devices/${deviceId}/commands`, { name, args, reason: 'test' });
    return (given.body as { readonly code?: string }).code === 'deviceOffline' ? undefined : given;
  });
  assert.equal(answer.status, 202, `${name}: ${answer.text}`);
  const { id } = answer.body as Ended;
  return eventually(`${name} to end`, async () => {
    const command = await technician.get<Ended>(`/api/v1/devices/${deviceId}/commands/${id}`);
    return ['requested', 'sent'].includes(command.state) ? undefined : command;
  });
}

async function claimed(id: string): Promise<string> {
  const create = ['device', 'create', '--id', id, '--model', 'generic-terminal', '--venue', 'V1', '--claim', '--json'];
  const { code, stdout, stderr } = await fengsui([...create, '--data', centre.process.folder]);
  assert.equal(code, 0, stderr);
  const { claimCode, ...rest } = JSON.parse(stdout) as { claimCode: string; deviceId: string; secret?: string };
  assert.deepEqual([rest.deviceId, rest.secret], [id, undefined]);
  assert.match(claimCode, /^([2-9A-HJKMNP-TV-Z]{4}-){3}[2-9A-HJKMNP-TV-Z]{4}$/);
  return claimCode;
}

const enrol = (claim: string, secretFile: string) =>
  fengsui(['terminal', 'enrol', '--centre', centre.process.webUrl, '--claim', claim, '--secret-file', secretFile]);

test('a terminal enrols with its claim code, once, and obeys the centre that it pinned', TIMEOUT, async () => {
  const claim = await claimed('T1');
  const secretFile = path.join(folder, 't1.secret');
  const first = await enrol(claim.toLowerCase().replaceAll('-', ' '), secretFile);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^device T1\nMQTT {3}mqtt:\/\/127\.0\.0\.1:\d+\n/);
  assert.equal((await stat(secretFile)).mode & 0o777, 0o600);
  const second = await enrol(claim, path.join(folder, 'other.secret'));
  assert.equal(second.code, 1);
  assert.match(second.stderr, /unknown, used or expired/);
  const secret = (await readFile(secretFile, 'utf8')).trim();
  const args = ['--source', 'city:normal?seed=7&circuits=1', '--device', 'T1', '--centre', centre.process.mqttUrl];
  const state = ['--state', path.join(folder, 't1.json'), '--secret-file', secretFile];
  const terminal = new TerminalProcess([...args, ...state, '--no-loads'], secret);
  try {
    await terminal.says(/connected to/);
    await eventually('a first value', async () => (await centre.valuesOf('T1', 'c1.voltageV')).length > 0);

    const read = await ordered('T1', 'read', { points: ['c1.voltageV', 'c9.voltageV'] });
    assert.equal(read.state, 'done', JSON.stringify(read));
    const { values, breakers, configuration } = read.result as {
      values: Record<string, number>;
      breakers: Record<string, string>;
      configuration: { version: number };
    };
    assert.deepEqual(Object.keys(values), ['c1.voltageV']);
    assert.ok(Math.abs((values['c1.voltageV'] ?? 0) - 230) < 25);
    assert.equal(breakers['c1'], 'closed');
    assert.equal(configuration.version, 0);

    const capture = await ordered('T1', 'captureNow');
    const { captureId } = capture.result as { captureId: string };
    await eventually(`capture ${captureId}`, async () => {
      const { status } = await technician.call('GET', `/api/v1/captures/T1:${captureId}/samples`);
      return status === 200;
    });

    const tested = await ordered('T1', 'selfTest');
    const { passed, checks } = tested.result as { passed: boolean; checks: Record<string, { ok: boolean }> };
    assert.equal(passed, true, JSON.stringify(checks));
    assert.ok(Object.keys(checks).length >= 3);

    const before = await ordered('T1', 'configure', { version: 3, settings: { intervalMs: 500, ratedA: { c1: 10 } } });
    assert.deepEqual([before.state, (before.result as { kept: boolean }).kept], ['done', true], JSON.stringify(before));
    const stale = await ordered('T1', 'configure', { version: 3, settings: { intervalMs: 700 } });
    assert.deepEqual([stale.state, stale.code], ['refused', 'staleVersion']);
    const unfit = await ordered('T1', 'configure', { version: 4, settings: { ratedA: { c7: 10 } } });
    assert.deepEqual([unfit.state, unfit.code], ['refused', 'invalidSettings']);
    const from = (await centre.rowsOf('T1', 'c1.voltageV')).at(-1)?.[0] ?? 0;
    await eventually(
      'telemetry twice a second',
      async () => {
        const at = (await centre.rowsOf('T1', 'c1.voltageV')).map(([when]) => when).filter((when) => when > from);
        const steps = at.slice(1).map((when, index) => when - (at[index] ?? 0));
        // A busy machine delays some; by default there is one a second.
        return steps.filter((step) => step > 400 && step < 600).length >= 3;
      },
      90_000,
    );

    const loud = await ordered('T1', 'siren', { on: true, durationS: 300 });
    assert.equal((loud.result as { sounding: boolean }).sounding, true);
    const quiet = await ordered('T1', 'silence', { minutes: 5 });
    assert.equal((quiet.result as { sounding: boolean }).sounding, false);
  } finally {
    await terminal.stop();
  }

  // What was configured holds after a restart, and can be rolled back.
  const again = new TerminalProcess([...args, ...state, '--no-loads'], secret);
  try {
    await again.says(/connected to/);
    const read = await ordered('T1', 'read', { points: [] });
    assert.deepEqual((read.result as { configuration: unknown }).configuration, {
      version: 3,
      settings: { intervalMs: 500, ratedA: { c1: 10 } },
    });
    const back = await ordered('T1', 'configure', { version: 4, rollBack: true });
    assert.deepEqual(back.result, { version: 4, settings: {}, kept: true });
  } finally {
    await again.stop();
  }
});

test('wrong claim codes are counted, and then the door stays shut for a while', TIMEOUT, async () => {
  const anyone = new ApiClient(centre.process.webUrl);
  for (let i = 0; i < 4; i++) {
    assertProblem(await anyone.post('/api/v1/enrol', { claimCode: `WRNG-CODE-0000-000${i}` }), 403, `wrong code ${i}`);
  }
  const claim = await claimed('T2');
  const answer = await anyone.post('/api/v1/enrol', { claimCode: claim });
  assertProblem(answer, 429, 'after five wrong codes, one of them by the test above');
  assert.ok(Number(answer.headers.get('retry-after')) > 0);
});

test('a rotated secret opens the door beside the old one until it is used', TIMEOUT, async () => {
  await centre.register('T3');
  const old = centre.secretOf('T3');
  const withOld = await centre.device('T3');
  const { stdout } = await fengsui(['device', 'rotate', 'T3', '--json', '--data', centre.process.folder]);
  const { secret } = JSON.parse(stdout) as { secret: string };
  assert.notEqual(secret, old);
  await centre.settle(withOld);
  await withOld.end();
  const stillOld = await centre.device('T3');
  await stillOld.end();
  centre.secrets.set('T3', secret);
  const withNew = await centre.device('T3');
  await centre.settle(withNew);
  centre.secrets.set('T3', old);
  await eventually('the old secret to end', async () => {
    try {
      await (await centre.device('T3')).end();
      return false;
    } catch {
      return true;
    }
  });
});
