import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { actPolicyOfToday } from '../apps/terminal/test/act-policy.ts';
import type { Page } from './contract/client/api-client.ts';
import { ContractCentre } from './contract/client/contract-centre.ts';
import { eventually } from './contract/client/eventually.ts';
import { fengsui } from './harness/centre-process.ts';
import { TerminalProcess } from './harness/terminal-process.ts';

const PATIENCE_MS = 60_000;
const limits = { timeout: 5 * PATIENCE_MS };

let contract: ContractCentre;
let folder: string;
let secret: string;
/** The newest terminal; none may outlive a test that fails. */
let terminal: TerminalProcess | undefined;

const file = (name: string): string => path.join(folder, name);

before(async () => {
  [contract, folder] = await Promise.all([
    ContractCentre.start(),
    mkdtemp(path.join(tmpdir(), 'fengsui-local-action-')),
  ]);
  secret = await contract.register('P1');
  for (const owner of ['owner', 'stranger']) {
    const { code, stderr } = await fengsui(['terminal', 'policy', 'keygen', '--out', file(owner)]);
    assert.equal(code, 0, stderr);
  }
  const policy = { ...actPolicyOfToday(), policyId: 'shop-c1', deviceId: 'P1', causes: ['arc'] };
  await writeFile(file('c1.policy.json'), JSON.stringify(policy));
  for (const owner of ['owner', 'stranger']) {
    const key = ['--key', file(`${owner}.key`)];
    const { code, stdout, stderr } = await fengsui(['terminal', 'policy', 'sign', file('c1.policy.json'), ...key]);
    assert.equal(code, 0, stderr);
    await writeFile(file(`${owner}.signed.json`), stdout);
  }
});
after(async () => {
  await terminal?.kill9();
  await contract.dispose();
  await rm(folder, { recursive: true, force: true });
});

function start(source: string, options: { readonly policy?: string; readonly more?: readonly string[] } = {}) {
  const where = ['--device', 'P1', '--centre', contract.process.mqttUrl, '--state', file('P1.json')];
  const permitted = ['--policy', file(`${options.policy ?? 'owner'}.signed.json`), '--owner-key', file('owner.pub')];
  terminal = new TerminalProcess(['--source', source, ...where, ...permitted, ...(options.more ?? [])], secret);
  return terminal;
}

type Act = {
  readonly at: string;
  readonly evidence: {
    readonly act: string;
    readonly breaker?: string;
    readonly because?: { readonly kind: string; readonly point: string };
    readonly latch: { readonly circuit: string; readonly policyId: string; readonly openedAt: number };
  };
};
const actsAtCentre = async (): Promise<readonly Act[]> =>
  (await contract.api.get<Page<Act>>('/api/v1/events?deviceId=P1&kind=localAction')).items;
const arcSource = 'city:arc?seed=7&after=3';

test('a policy with a key that is in use is not written over, and a bad policy is not signed', limits, async () => {
  const again = await fengsui(['terminal', 'policy', 'keygen', '--out', file('owner')]);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /EEXIST.*owner\.key/);
  const policy = JSON.parse(await readFile(file('c1.policy.json'), 'utf8')) as object;
  await writeFile(file('bad.json'), JSON.stringify({ ...policy, mode: 'perhaps', endsAt: 'some day' }));
  const bad = await fengsui(['terminal', 'policy', 'sign', file('bad.json'), '--key', file('owner.key')]);
  assert.deepEqual([bad.code, bad.stdout], [1, '']);
  assert.match(bad.stderr, /bad\.json: .*mode.*perhaps/);
  assert.match(bad.stderr, /bad\.json: .*endsAt.*some day/);
});

test('before the centre was ever heard no end date can be trusted: nothing opens', limits, async () => {
  await contract.process.stop();
  const observed = start(arcSource, { more: ['--duration', '7', '--flush', '0'] });
  await observed.says(/c1: arc observed, breaker not opened: .*clock/);
  await observed.ends();
  assert.doesNotMatch(observed.stderr, /ordered to open/);
  await contract.process.up();
});

test('a policy that somebody else signed permits nothing', limits, async () => {
  const observed = start(arcSource, { policy: 'stranger', more: ['--duration', '7'] });
  await observed.says(/policy shop-c1: c1 has no valid signature: observed/);
  await observed.says(/c1: arc observed, breaker not opened: .*signature/);
  assert.equal(await observed.ends(), 0, observed.stderr);
  assert.doesNotMatch(observed.stderr, /ordered to open/);
  assert.deepEqual(await actsAtCentre(), []);
});

test(
  'with the link cut a confirmed arc opens the breaker, and the centre is told when the link is back',
  limits,
  async () => {
    // The run before heard the centre's clock; from here on there is no centre.
    await contract.process.stop();
    const acting = start(arcSource);
    await acting.says(/no connection to/);
    await acting.says(/c1: breaker ordered to open for arc on c1; read back: open/);
    await contract.process.up();
    await acting.says(/connected to/);
    const alarm = await eventually('the latched alarm', () => contract.alarmOf('P1', 'localAction'), PATIENCE_MS);
    assert.deepEqual([alarm.state, alarm.pointId], ['latchedUnacknowledged', 'c1']);
    const [act] = await actsAtCentre();
    assert.deepEqual(
      [act?.evidence.act, act?.evidence.breaker, act?.evidence.because?.kind, act?.evidence.because?.point],
      ['opened', 'open', 'arc', 'c1'],
    );
    assert.equal(act?.evidence.latch.policyId, 'shop-c1');

    // Behind an open breaker nothing flows and nothing arcs; the circuit beside it goes on.
    const valueOf = async (point: string): Promise<number | undefined> => {
      const { items } = await contract.api.get<Page<{ id: string; value?: number }>>('/api/v1/devices/P1/points');
      return items.find(({ id }) => id === point)?.value;
    };
    await eventually('no current on c1', async () => ((await valueOf('c1.currentA')) ?? NaN) < 0.02, PATIENCE_MS);
    assert.ok(((await valueOf('c2.currentA')) ?? NaN) > 0.1, 'c2 is not opened');
    await eventually(
      'the arc to have ended',
      async () => (await contract.alarmOf('P1', 'arc'))?.state !== 'unacknowledged',
      PATIENCE_MS,
    );
    assert.equal(acting.stderr.match(/ordered to open/g)?.length, 1, 'one order');
    assert.equal(await acting.stop(), 0, acting.stderr);
  },
);

test(
  'after a restart it tells again what it did, which is no second alarm, and acts no more until somebody was there',
  limits,
  async () => {
    const [before_] = [await contract.alarmOf('P1', 'localAction')];
    const told = (await actsAtCentre()).length;
    // The simulated breaker is closed anew, as if somebody had switched it on without looking.
    const restarted = start(arcSource, { more: ['--duration', '8'] });
    await restarted.says(/c1: opened \S+ for arc on c1; not inspected yet/);
    assert.equal(await restarted.ends(), 0, restarted.stderr);
    assert.doesNotMatch(restarted.stderr, /ordered to open/);
    const [newest] = await eventually('the second telling', async () => {
      const acts = await actsAtCentre();
      return acts.length > told ? acts : undefined;
    });
    assert.equal(newest?.evidence.act, 'stillOpen');
    const alarms = (await contract.api.alarmsOf('P1')).filter(({ kind }) => kind === 'localAction');
    assert.deepEqual(
      alarms.map(({ id }) => id),
      [before_?.id],
    );
  },
);

test('the alarm ends by acknowledgement and inspection, at the terminal by a recorded one', limits, async () => {
  const alarm = await contract.alarmOf('P1', 'localAction');
  assert.ok(alarm);
  assert.ok([409, 422].includes((await contract.act(alarm.id, 'inspect', { note: 'too early' })).status));
  assert.equal((await contract.act(alarm.id, 'acknowledge')).status, 200);
  assert.equal((await contract.alarmOf('P1', 'localAction'))?.state, 'latchedAcknowledged');
  assert.equal((await contract.act(alarm.id, 'inspect', { note: 'terminal 3 tightened' })).status, 200);
  await eventually('the end', async () => (await contract.alarmOf('P1', 'localAction')) === undefined);

  const visit = ['terminal', 'inspected', '--state', file('P1.json'), '--by', 'technician', '--finding', 'tightened'];
  const elsewhere = await fengsui([...visit, '--circuit', 'c2']);
  assert.equal(elsewhere.code, 1);
  assert.match(elsewhere.stderr, /circuit c2 was not opened by this terminal; opened and not inspected: c1/);
  const wordless = await fengsui([...visit.slice(0, -1), ' ', '--circuit', 'c1']);
  assert.equal(wordless.code, 1, wordless.stderr);
  const done = await fengsui([...visit, '--circuit', 'c1']);
  assert.deepEqual([done.code, done.stdout], [0, 'c1: inspected; the breaker is closed by hand, on site\n']);

  const restarted = start('city:normal?seed=7', { more: ['--duration', '3'] });
  assert.equal(await restarted.ends(), 0, restarted.stderr);
  assert.doesNotMatch(restarted.stderr, /not inspected yet/);
  assert.equal(await contract.alarmOf('P1', 'localAction'), undefined);
});

test('once inspected it acts again', limits, async () => {
  const acting = start(arcSource);
  await acting.says(/c1: breaker ordered to open for arc on c1; read back: open/);
  await eventually('a new latched alarm', () => contract.alarmOf('P1', 'localAction'), PATIENCE_MS);
  await acting.stop();
});
