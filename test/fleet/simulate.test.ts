import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import type { SimulationResult, Verdict } from '@fengsui/fleet';
import { freePort } from '../../tools/servers/free-port.ts';
import { CentreProcess, fengsui, type Finished } from '../harness/centre-process.ts';

let centre: CentreProcess;
let folder: string;
let installer: string;
let reader: string;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fleet-'));
  centre = await CentreProcess.start();
  installer = await centre.createToken('systemAdmin');
  reader = await centre.createToken('integrator');
});
after(async () => {
  await centre.dispose();
  await rm(folder, { recursive: true, force: true });
});

const truthFile = (name: string): string => path.join(folder, `${name}.ndjson`);

function play(name: string, ...args: readonly string[]): Promise<Finished> {
  const doors = ['--centre', centre.mqttUrl, '--api', centre.webUrl, '--token', installer];
  return fengsui(['simulate', '--truth', truthFile(name), '--prefix', name, ...doors, ...args], { timeoutMs: 180_000 });
}

async function untilAcknowledged(name: string, count: number): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const lines = await readFile(truthFile(name), 'utf8').catch(() => '');
    if (lines.split('"is":"acknowledged"').length > count) return;
    assert.ok(Date.now() < deadline, `${name}: no ${count} reports acknowledged within 120 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function verify(truth: string, settleS: number): Promise<Verdict & { readonly code: number | null }> {
  const args = ['--truth', truth, '--api', centre.webUrl, '--token', reader, '--settle', String(settleS)];
  const { code, stdout, stderr } = await fengsui(['simulate', 'verify', ...args], { timeoutMs: 180_000 });
  assert.notEqual(stdout, '', stderr);
  return { ...(JSON.parse(stdout) as Verdict), code };
}

test('200 devices, the centre killed in the middle: nothing that was acknowledged is lost or doubled', async (t) => {
  const played = play('kill', ...'--devices 200 --rate 200 --duration 10 --alarming 0.2'.split(' '));
  // Registration takes a moment; the kill falls into the reports.
  await untilAcknowledged('kill', 700);
  await centre.kill9();
  await centre.up();
  const { code, stdout, stderr } = await played;
  assert.equal(code, 0, stderr);
  const result = JSON.parse(stdout) as SimulationResult;
  assert.equal(result.sent, 2_000);
  assert.equal(result.acknowledged, 2_000);
  assert.ok(result.reconnects >= 200, `${result.reconnects} connections came back`);
  const verdict = await verify(truthFile('kill'), 30);
  t.diagnostic(JSON.stringify({ result, verdict }));
  assert.equal(verdict.code, 0);
  assert.equal(verdict.stored, 2_000);
  assert.deepEqual([verdict.lost, verdict.doubled, verdict.unexpected], [0, 0, 0]);
  assert.ok(result.raised > 20);
  assert.equal(verdict.alarms.expected, result.raised);
  assert.equal(verdict.alarms.found, result.raised);
  assert.deepEqual([verdict.alarms.missing, verdict.alarms.false, verdict.alarms.doubled], [0, 0, 0]);
});

test('verify notices a report and an alarm that the truth lost or made up', async () => {
  const lines = (await readFile(truthFile('kill'), 'utf8')).trimEnd().split('\n');
  const tampered = async (name: string, changed: readonly string[]): ReturnType<typeof verify> => {
    await writeFile(truthFile(name), `${changed.join('\n')}\n`);
    return verify(truthFile(name), 0);
  };
  const sent = lines.find((line) => line.includes('"is":"sent"') && line.includes('"report":"telemetry"')) ?? '';
  const { deviceId, seq } = JSON.parse(sent) as { deviceId: string; seq: number };
  const isOfReport = (line: string): boolean => {
    const read = JSON.parse(line) as { is: string; deviceId?: string; seq?: number };
    return read.deviceId === deviceId && read.seq === seq && ['sent', 'acknowledged'].includes(read.is);
  };

  const removed = await tampered(
    'removed',
    lines.filter((line) => !isOfReport(line)),
  );
  assert.deepEqual([removed.code, removed.unexpected, removed.lost], [1, 1, 0]);

  const madeUp = lines.filter(isOfReport).map((line) => line.replace(`"seq":${seq},`, '"seq":4711,'));
  const added = await tampered('added', [...lines, ...madeUp]);
  assert.deepEqual([added.code, added.lost, added.unexpected], [1, 1, 0]);

  const raise = lines.find((line) => line.includes('"is":"alarm"') && line.includes('"active":true')) ?? '';
  const without = await tampered(
    'no-alarm',
    lines.filter((line) => line !== raise),
  );
  assert.deepEqual([without.code, without.alarms.false], [1, 1]);
  const invented = raise.replace(/"kind":"[A-Za-z]+"/, '"kind":"tamper"');
  const missing = await tampered('alarm', [...lines, invented]);
  assert.deepEqual([missing.code, missing.alarms.missing], [1, 1]);
});

test('behind gateways, with every fault at once, the centre has each report once and no alarm that was not said', async (t) => {
  const { code, stdout, stderr } = await play(
    'faults',
    ...'--devices 120 --connections 6 --rate 240 --duration 8 --alarming 0.2 --seed 7'.split(' '),
    ...'--fault all --fault storm=3,duplicates=0.1,lostAcks=0.01'.split(' '),
  );
  assert.equal(code, 0, stderr);
  const result = JSON.parse(stdout) as SimulationResult;
  assert.ok(result.duplicates > 0 && result.resent > 0 && result.reconnects >= 12, stdout);
  const verdict = await verify(truthFile('faults'), 30);
  t.diagnostic(JSON.stringify({ result, verdict }));
  assert.equal(verdict.code, 0, JSON.stringify(verdict));
  assert.equal(verdict.stored, result.sent);
});

test('the same fleet plays again with another seed; an existing truth is refused', async () => {
  const again = await play('faults', '--devices', '5');
  assert.equal(again.code, 2);
  assert.match(again.stderr, /exists already/);
  await rm(truthFile('faults'));
  const other = await play(
    'faults',
    ...'--devices 120 --connections 6 --rate 100 --duration 2 --seed 8 --alarming 0'.split(' '),
  );
  assert.equal(other.code, 0, other.stderr);
  assert.equal((await verify(truthFile('faults'), 30)).stored, 200);
});

test('SIGINT ends a run without an end: what is on its way is waited for, and the truth is whole', async () => {
  const cli = path.resolve(import.meta.dirname, '../../apps/cli/bin/fengsui.mjs');
  const doors = ['--centre', centre.mqttUrl, '--api', centre.webUrl, '--token', installer];
  const args = [
    'simulate',
    '--truth',
    truthFile('stop'),
    '--prefix',
    'stop',
    '--devices',
    '10',
    '--rate',
    '50',
    ...doors,
  ];
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const deadline = Date.now() + 60_000;
    // The first line with rates.
    while (!/acknowledged;/.test(stderr)) {
      assert.ok(Date.now() < deadline && child.exitCode === null, stderr);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 0, stderr);
    const { sent, acknowledged } = JSON.parse(stdout) as SimulationResult;
    assert.ok(sent > 0 && sent === acknowledged, stdout);
    const verdict = await verify(truthFile('stop'), 30);
    assert.deepEqual([verdict.code, verdict.sent, verdict.stored], [0, sent, sent]);
  } finally {
    child.kill('SIGKILL');
  }
});

test('GB/T 26875.3 devices, the centre killed in the middle: every confirmed frame is there once', async (t) => {
  const port = await freePort();
  const gb = await CentreProcess.start({ args: ['--gb26875-port', String(port)] });
  try {
    const token = await gb.createToken('systemAdmin');
    const doors = ['--centre', `tcp://127.0.0.1:${port}`, '--api', gb.webUrl, '--token', token];
    const faults = ['--fault', 'duplicates=0.1,lostAcks=0.02'];
    const size = '--protocol gb26875 --devices 20 --rate 20 --duration 8 --alarming 0.5'.split(' ');
    const played = fengsui(['simulate', '--truth', truthFile('gb'), ...doors, ...size, ...faults], {
      timeoutMs: 120_000,
    });
    await untilAcknowledged('gb', 60);
    await gb.kill9();
    await gb.up();
    const { code, stdout, stderr } = await played;
    assert.equal(code, 0, stderr);
    const result = JSON.parse(stdout) as SimulationResult;
    assert.deepEqual([result.sent, result.acknowledged], [160, 160]);
    const reading = await gb.createToken('integrator');
    const checked = await fengsui([
      'simulate',
      'verify',
      '--truth',
      truthFile('gb'),
      '--api',
      gb.webUrl,
      '--token',
      reading,
    ]);
    t.diagnostic(`${stdout} ${checked.stdout}`);
    const verdict = JSON.parse(checked.stdout) as Verdict;
    assert.equal(checked.code, 0);
    assert.deepEqual([verdict.lost, verdict.doubled, verdict.unexpected], [0, 0, 0]);
    assert.equal(verdict.alarms.found, result.raised);
    assert.ok(verdict.stored > 130 && result.duplicates > 0);
  } finally {
    await gb.dispose();
  }
});
