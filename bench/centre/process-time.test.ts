import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { test } from 'node:test';
import { pidOfChild, processTimeS } from './process-time.ts';

test('the time of a process holds that of a child that has ended', () => {
  const beforeS = processTimeS(process.pid);
  const ownBeforeS = process.cpuUsage().user / 1e6;
  const burn = 'const from = process.cpuUsage(); while (process.cpuUsage(from).user < 500_000);';
  execFileSync(process.execPath, ['-e', burn], { env: {} });
  const ownS = process.cpuUsage().user / 1e6 - ownBeforeS;
  assert.ok(ownS < 0.4, `this process itself used ${ownS} s`);
  assert.ok(processTimeS(process.pid) - beforeS >= 0.45);
});

test('a process that is not there has no time, and a program that was not started no id', () => {
  assert.throws(() => processTimeS(undefined), /no process/);
  assert.throws(() => pidOfChild('nats-server'), /0 processes named nats-server/);
});
