import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from '../../../terminal/test/eventually.ts';
import { freePort } from '../../../../tools/servers/free-port.ts';
import { ModbusSlave, sdm120Input } from '../../../terminal/test/modbus-slave.ts';
import { TestBroker } from '../../../terminal/test/test-broker.ts';
import { RunningFengsui } from '../../test/run-fengsui.ts';
import { terminalCommand } from '../commands/terminal.ts';
import { UsageError } from '../command.ts';
import { modbusCommand } from './modbus.ts';

const PATIENCE_MS = 60_000;

test('a map is tried against a meter, a unit is found, and registers are read', async (context) => {
  const slave = await ModbusSlave.start(new Map([[3, { input: sdm120Input, holding: new Map([[400, 18]]) }]]));
  context.after(() => slave.stop());
  const tcp = ['--tcp', `127.0.0.1:${slave.port}`];
  const lines: string[] = [];
  context.mock.method(console, 'log', (line: string) => lines.push(line));
  context.mock.method(console, 'error', () => undefined);
  const modbus = async (...args: string[]): Promise<{ code: number; stdout: string }> => {
    lines.length = 0;
    const code = await modbusCommand(args);
    return { code, stdout: lines.join('\n') };
  };
  const tried = await modbus('try', 'eastron-sdm120', ...tcp, '--unit', '3', '--json');
  const wrong = await modbus('try', 'schneider-rhu', ...tcp, '--unit', '3');
  const found = await modbus('scan', ...tcp, '--units', '1-4', '--json');
  const read = await modbus('read', ...tcp, '--unit', '3', '--address', '0x0190');
  const maps = await modbus('maps', '--json');
  assert.equal(tried.code, 0);
  const { values, missing } = JSON.parse(tried.stdout) as {
    values: { name: string; value: number }[];
    missing: number;
  };
  assert.equal(missing, 0);
  const known = Object.fromEntries(values.map(({ name, value }) => [name, value]));
  assert.deepEqual([known['c1.voltageV'], known['c1.currentA'], known['c1.energyKwh']], [231.5, 4.25, 1234.5]);
  // This meter has no states of a residual-current monitor.
  assert.equal(wrong.code, 1);
  assert.match(wrong.stdout, /c1\.residualCurrentMa +18/);
  assert.match(wrong.stdout, /residualAlarm +– holding 201, 1: exception: exception 2 \(illegal data address\)/);
  assert.equal(found.code, 0);
  assert.deepEqual((JSON.parse(found.stdout) as { found: unknown }).found, [
    { unit: 3, answer: 'exception 2 (illegal data address)' },
  ]);
  assert.deepEqual([read.code, read.stdout], [0, '400  0x0190  18  0x0012']);
  await assert.rejects(
    modbus('read', ...tcp, '--unit', '3', '--address', '7'),
    /unit 3 at 127\.0\.0\.1:\d+: exception: exception 2/,
  );
  assert.ok((JSON.parse(maps.stdout) as unknown[]).length >= 3);
});

test('wrong calls are usage errors, a bus that is not there is a failure', async () => {
  const cases: readonly (readonly [readonly string[], boolean, RegExp])[] = [
    [[], true, /expected maps, try, read or scan/],
    [['read'], true, /expected one of --tcp HOST:PORT, --rtu-over-tcp HOST:PORT, --serial/],
    [['try', '--tcp', 'h:1'], true, /try: expected a map/],
    [['read', '--tcp', 'h:1', '--unit', '300'], true, /--unit 300: expected a whole number from 0 to 255/],
    [['scan', '--tcp', 'h:1', '--units', '9-3'], true, /--units 9-3: expected units such as/],
    [['read', '--serial', '/dev/no-such-line:9600,even,2'], false, /\/dev\/no-such-line/],
    [['read', '--tcp', `127.0.0.1:${await freePort()}`], false, /ECONNREFUSED/],
    [['try', 'no-such-map', '--tcp', '127.0.0.1:1'], false, /there is no such one; expected a \.json file or one of/],
  ];
  for (const [args, isUsage, words] of cases) {
    await assert.rejects(modbusCommand(args), (error: Error) => {
      assert.match(error.message, words);
      assert.equal(error instanceof UsageError, isUsage, args.join(' '));
      return true;
    });
  }
});

test('a terminal that only reads meters reports them, says what it cannot see, and names what is wrong in its file', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-meters-'));
  const slave = await ModbusSlave.start(new Map([[3, { input: sdm120Input }]]));
  const broker = await TestBroker.start();
  context.after(async () => {
    await broker.stop();
    await slave.stop();
    await rm(folder, { recursive: true });
  });
  const file = path.join(folder, 'meters.json');
  const document = {
    format: 'fengsui.fieldbus/1',
    buses: [{ id: 'b1', tcp: { host: '127.0.0.1', port: slave.port } }],
    meters: [{ id: 'm1', bus: 'b1', unit: 3, map: 'eastron-sdm120', as: { c1: 'c5' } }],
  };
  await writeFile(file, JSON.stringify(document));
  const call = [
    'terminal',
    '--fieldbus',
    file,
    '--device',
    'D1',
    '--centre',
    broker.url,
    '--state',
    path.join(folder, 'd1.json'),
  ];
  const running = new RunningFengsui([...call, '--rated', 'c5=16'], {
    environment: { FENGSUI_DEVICE_SECRET: 's3cret' },
  });
  const told = () =>
    broker.received.filter(({ topic }) => topic.endsWith('/telemetry')).map(({ payload }) => payload.toString());
  await eventually('a value', () => told().some((payload) => payload.includes('"c5.currentA":4.25')), PATIENCE_MS);
  running.child.kill('SIGTERM');
  const ended = await running.ended;
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stderr, /c5: read from meters: no arcs, no loads told apart/);
  const secret = path.join(folder, 'secret');
  await writeFile(secret, 's3cret');
  const here = [...call.slice(1), '--secret-file', secret];
  await assert.rejects(terminalCommand.run([...here, '--rated', 'c1=16']), /--rated c1: the source has c5/);
  const wrong = {
    ...document,
    buses: [{ id: 'b1' }, { id: 'b1', tcp: { host: 'h' }, serial: { path: '/dev/x' } }],
    meters: [...document.meters, { ...document.meters[0], id: 'm2', bus: 'b7', as: { c2: 'c5', c1: 't1' } }],
    inputs: [{ id: 'm1', bus: 'b1', unit: 1, table: 'coil', address: 1, kind: 'smoke', level: 'alarm' }],
  };
  await writeFile(file, JSON.stringify(wrong));
  const refused = await terminalCommand.run(here).then(
    () => '',
    (error: Error) => error.message,
  );
  for (const words of [
    /bus b1: has 0 of tcp, rtuOverTcp and serial, expected one/,
    /bus b1: has 2 of tcp, rtuOverTcp and serial, expected one/,
    /bus b1 is given twice/,
    /meter or input m1 is given twice/,
    /m2: there is no bus b7, expected one of b1, b1/,
    /meter m2: as\.c2: its map has c1/,
    /meter m2: as\.c1 is t1, expected another c/,
  ]) {
    assert.match(refused, words);
  }
});
