import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { freePort } from '../../../../tools/servers/free-port.ts';
import { ModbusSlave, sdm120Input } from '../../../terminal/test/modbus-slave.ts';
import { TestBroker } from '../../../terminal/test/test-broker.ts';
import { fengsui } from '../../test/run-fengsui.ts';
import { serviceCommand, serviceUnit } from './service.ts';

type Finding = { readonly name: string; readonly state: string; readonly detail: string; readonly remedy?: string };

test('the doctor looks at source, storage, centre, credential and meters, and names the remedy of what fails', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-doctor-'));
  const broker = await TestBroker.start();
  const slave = await ModbusSlave.start(new Map([[3, { input: sdm120Input }]]));
  context.after(async () => {
    await broker.stop();
    await slave.stop();
    await rm(folder, { recursive: true });
  });
  const file = path.join(folder, 'meters.json');
  await writeFile(
    file,
    JSON.stringify({
      format: 'fengsui.fieldbus/1',
      buses: [{ id: 'b1', tcp: { host: '127.0.0.1', port: slave.port }, timeoutMs: 3_000 }],
      meters: [
        { id: 'm1', bus: 'b1', unit: 3, map: 'eastron-sdm120' },
        { id: 'm2', bus: 'b1', unit: 9, map: 'schneider-rhu', as: { c1: 'c2' } },
      ],
    }),
  );
  const common = ['terminal', 'doctor', '--source', 'city:normal', '--fieldbus', file, '--device', 'D1', '--json'];
  const call = [...common, '--state', path.join(folder, 'd1.json'), '--centre', broker.url, '--login'];
  const good = await fengsui(call, { environment: { FENGSUI_DEVICE_SECRET: 's3cret' } });
  const findings = (JSON.parse(good.stdout) as { findings: Finding[] }).findings;
  const of = (name: string): Finding | undefined => findings.find((finding) => finding.name === name);
  assert.deepEqual(
    ['source', 'storage', 'centre', 'credential', 'meter m1'].map((name) => of(name)?.state),
    ['ok', 'ok', 'ok', 'ok', 'ok'],
  );
  assert.equal(of('meter m2')?.state, 'fail');
  assert.match(of('meter m2')?.detail ?? '', /exception 11 \(gateway target did not respond\)/);
  assert.ok(of('meter m2')?.remedy);
  assert.equal(good.code, 1, 'a meter does not answer');
  const elsewhere = [
    '--state',
    path.join(folder, 'no-such-folder/d1.json'),
    '--centre',
    `mqtt://127.0.0.1:${await freePort()}`,
  ];
  const [bad, refused] = await Promise.all([
    fengsui(['terminal', 'doctor', '--source', path.join(folder, 'none.csv'), ...elsewhere]),
    fengsui(['terminal', 'doctor', '--device', 'D1', '--centre', broker.url, '--login', '--json'], {
      environment: { FENGSUI_DEVICE_SECRET: 'wrong' },
    }),
  ]);
  assert.equal(bad.code, 1);
  for (const words of [
    /fail {2}source .*none\.csv/,
    /fail {2}storage .*ENOENT/,
    /fail {2}centre .*ECONNREFUSED/,
    /→ address, port, firewall/,
  ]) {
    assert.match(bad.stdout, words);
  }
  const credential = (JSON.parse(refused.stdout) as { findings: Finding[] }).findings.find(
    ({ name }) => name === 'credential',
  );
  assert.deepEqual([refused.code, credential?.state], [1, 'fail']);
  assert.match(credential?.detail ?? '', /CONNACK 4/);
});

test('the unit of the service is one that systemd takes, and keeps the words of the call whole', async (context) => {
  const unit = serviceUnit(
    ['--source', 'city:normal?seed=7&circuits=8', '--secret-file', '/etc/a b.secret', '--device', '50%'],
    {
      user: 'root',
      node: process.execPath,
    },
  );
  assert.match(unit, / "city:normal\?seed=7&circuits=8" --secret-file "\/etc\/a b\.secret" --device 50%%$/m);
  for (const line of [
    'Type=notify',
    'Restart=always',
    'WatchdogSec=60',
    'NoNewPrivileges=yes',
    'ProtectSystem=strict',
  ]) {
    assert.ok(unit.includes(`\n${line}\n`), line);
  }
  assert.throws(() => serviceCommand(['--print']), /expected -- and the options the terminal runs with/);
  assert.throws(() => serviceCommand([]), /expected --print/);
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-unit-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'fengsui-terminal.service');
  await writeFile(file, unit);
  const verified = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
  if (verified.error !== undefined) {
    context.skip('no systemd-analyze here');
    return;
  }
  assert.deepEqual([verified.status, verified.stderr], [0, '']);
});
