import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  decodeBlock,
  loadRegisterMap,
  openModbusLink,
  readPlan,
  type BusAddress,
  type ModbusLink,
} from '@fengsui/terminal';
import { freePort } from '../../tools/servers/free-port.ts';

const PATIENCE_MS = 60_000;
const slaveFile = path.join(import.meta.dirname, 'pymodbus-slave.py');
// Debian's own, where another comes first.
const python = ['python3', '/usr/bin/python3'].find(
  (candidate) => spawnSync(candidate, ['-c', 'import pymodbus.server']).status === 0,
);
const hasPymodbus = python !== undefined;
const hasSocat = spawnSync('socat', ['-V']).status === 0;

function started(context: TestContext, command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: 'ignore' });
  context.after(async () => {
    child.kill('SIGKILL');
    await new Promise((resolve) =>
      child.exitCode === null && child.signalCode === null ? child.once('exit', resolve) : resolve(0),
    );
  });
  return child;
}

/** Answers once the slave is up. */
async function untilAnswered(link: ModbusLink): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await link.read({ unit: 3, table: 'holding', address: 7, count: 1 });
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await delay(200);
    }
  }
}

async function readsEverything(context: TestContext, address: BusAddress): Promise<void> {
  const link = openModbusLink(address, { timeoutMs: 10_000 });
  context.after(() => link.close());
  await untilAnswered(link);
  const map = loadRegisterMap('eastron-sdm120');
  const values: Record<string, number> = {};
  for (const block of readPlan(map)) {
    const words = await link.read({ unit: 3, table: block.table, address: block.address, count: block.count });
    for (const [point, value] of decodeBlock(map, block, words).values)
      if ('value' in value) values[point] = value.value;
  }
  assert.deepEqual(values, {
    'c1.voltageV': 231.5,
    'c1.currentA': 4.25,
    'c1.activePowerW': 980,
    'c1.reactivePowerVar': 12,
    'c1.powerFactor': 0.5,
    'c1.frequencyHz': 50,
    'c1.energyKwh': 1234.5,
  });
  assert.deepEqual(await link.read({ unit: 3, table: 'discrete', address: 0, count: 3 }), [1, 0, 1]);
  await link.writeCoil(3, 5, true);
  assert.deepEqual(await link.read({ unit: 3, table: 'coil', address: 4, count: 3 }), [0, 1, 0]);
  await assert.rejects(
    link.read({ unit: 3, table: 'input', address: 99, count: 2 }),
    /exception 2 \(illegal data address\)/,
  );
}

test(
  'a slave of another make is read and written over TCP',
  { skip: !hasPymodbus && 'needs python3-pymodbus' },
  async (context) => {
    const port = await freePort();
    started(context, python ?? '', [slaveFile, 'tcp', String(port)]);
    await readsEverything(context, { kind: 'tcp', host: '127.0.0.1', port });
  },
);

/** Both ends of a serial line. */
async function ptyPair(context: TestContext): Promise<readonly [string, string]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-serial-'));
  context.after(() => rm(folder, { recursive: true }));
  const [ours, theirs] = [path.join(folder, 'ours'), path.join(folder, 'theirs')];
  started(context, 'socat', [`pty,raw,echo=0,link=${ours}`, `pty,raw,echo=0,link=${theirs}`]);
  const until = performance.now() + PATIENCE_MS;
  while (!(existsSync(ours) && existsSync(theirs))) {
    assert.ok(performance.now() < until, 'no serial line');
    await delay(20);
  }
  return [ours, theirs];
}

const asSerial = (line: string): BusAddress => ({
  kind: 'serial',
  path: line,
  baudRate: 9600,
  parity: 'none',
  stopBits: 1,
});

/** A line with a slave at its far end that answers: what is asked of one still starting is lost. */
async function serialLine(context: TestContext): Promise<string> {
  const [ours, theirs] = await ptyPair(context);
  started(context, python ?? '', [slaveFile, 'rtu', theirs]);
  const link = openModbusLink(asSerial(ours), { timeoutMs: 2_000 });
  await untilAnswered(link).finally(() => link.close());
  return ours;
}

const onSerial = { skip: !(hasPymodbus && hasSocat) && 'needs python3-pymodbus and socat' };

test('a slave of another make is read and written over a serial line', onSerial, async (context) => {
  const line = await serialLine(context);
  await readsEverything(context, asSerial(line));
});

test(
  'a slave of another make is read and written through a gateway that passes the bytes on',
  onSerial,
  async (context) => {
    const line = await serialLine(context);
    const port = await freePort();
    // For half a second the end of a connection that was given up still takes answers from the line: there must be one only.
    started(context, 'socat', [`tcp-listen:${port},bind=127.0.0.1,fork,reuseaddr`, `file:${line},raw,echo=0`]);
    await readsEverything(context, { kind: 'rtuOverTcp', host: '127.0.0.1', port });
  },
);

test(
  'on a serial line a late answer is not taken for that of the next request',
  { skip: !hasSocat && 'needs socat' },
  async (context) => {
    const [ours, theirs] = await ptyPair(context);
    // Unit 3 answers register 0 with 1111 after 1,050 ms, everything else at once with 2222.
    const slave = openSync(theirs, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY);
    const late = Promise.withResolvers<number>();
    const timer = setInterval(() => {
      const request = Buffer.alloc(8);
      try {
        if (readSync(slave, request, 0, 8, null) !== 8) return;
      } catch {
        return;
      }
      const isLate = request.readUInt16BE(2) === 0;
      if (isLate) setTimeout(() => late.resolve(writeSync(slave, answerOf(3, 1111))), 1_050);
      else writeSync(slave, answerOf(3, 2222));
    }, 5);
    context.after(() => {
      clearInterval(timer);
      closeSync(slave);
    });
    const link = openModbusLink(
      { kind: 'serial', path: ours, baudRate: 9600, parity: 'none', stopBits: 1 },
      { timeoutMs: 1_000 },
    );
    context.after(() => link.close());
    await assert.rejects(link.read({ unit: 3, table: 'holding', address: 0, count: 1 }), /no answer within 1000 ms/);
    assert.deepEqual(await link.read({ unit: 3, table: 'holding', address: 1, count: 1 }), [2222]);
    await late.promise;
    assert.deepEqual(await link.read({ unit: 3, table: 'holding', address: 1, count: 1 }), [2222]);
  },
);

/** A frame of one register with its check sum (Modbus over serial line V1.02, 6.2.2). */
function answerOf(unit: number, value: number): Buffer {
  const frame = Buffer.from([unit, 3, 2, value >> 8, value & 0xff, 0, 0]);
  let crc = 0xffff;
  for (const byte of frame.subarray(0, 5)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  frame.writeUInt16LE(crc, 5);
  return frame;
}
