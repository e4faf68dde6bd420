import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { eventually } from '../../test/eventually.ts';
import { busTo, meter, meteringTerminal } from '../../test/fieldbus-run.ts';
import { exception, floatsAt, ModbusSlave, type SlaveUnit } from '../../test/modbus-slave.ts';
import type { FieldbusConfig } from './fieldbus-file.ts';

const PATIENCE_MS = 60_000;

/** Input registers of an SDM630: 230 V, the currents given, 0.95, 50 Hz. */
function sdm630(currents: readonly [number, number, number]): Map<number, number> {
  const values: Record<number, number> = { 0x46: 50 };
  currents.forEach((currentA, phase) => {
    const at = 2 * phase;
    Object.assign(values, {
      [0x00 + at]: 230 + phase,
      [0x06 + at]: currentA,
      [0x0c + at]: 230 * currentA,
      [0x18 + at]: 10,
      [0x1e + at]: 0.95,
      [0xf0 + at]: 4,
      [0x15a + at]: 1000.5 + phase,
    });
  });
  // Between them stand values of quantities we do not read.
  for (let address = 0; address < 0x24; address += 2) values[address] ??= 0;
  return floatsAt(values);
}

async function slaveOf(context: TestContext, units: ReadonlyMap<number, SlaveUnit>): Promise<ModbusSlave> {
  const slave = await ModbusSlave.start(units);
  context.after(() => slave.stop());
  return slave;
}

function running(context: TestContext, ...args: Parameters<typeof meteringTerminal>) {
  const run = meteringTerminal(...args);
  context.after(() => run.terminal.stop(0));
  return run;
}

test('a three-phase meter and a residual-current monitor on one bus become the points of one terminal', async (context) => {
  const slave = await slaveOf(
    context,
    new Map<number, SlaveUnit>([
      [1, { input: sdm630([4.5, 5.5, 6.5]) }],
      [
        2,
        {
          holding: new Map([
            [0x190, 18],
            [0xc9, 0],
            [0xcb, 0],
            [0xcf, 0],
          ]),
        },
      ],
    ]),
  );
  const meters = [
    meter('m1', 1, 'eastron-sdm630', { c1: 'c4', c2: 'c5', c3: 'c6' }),
    meter('r1', 2, 'schneider-rhu', { c1: 'c4' }),
  ];
  const { terminal, newest } = running(context, busTo(slave, { meters }));
  await eventually('all points', () => Object.keys(newest()).length === 23, PATIENCE_MS);
  const values = newest();
  assert.deepEqual(
    ['c4.voltageV', 'c5.currentA', 'c6.activePowerW', 'c5.energyKwh', 'c4.residualCurrentMa', 'c4.frequencyHz'].map(
      (point) => values[point],
    ),
    [230, 5.5, 1495, 1001.5, 18, 50],
  );
  assert.deepEqual(await terminal.obey({ name: 'captureNow', args: {} }), {
    refused: 'notEquipped',
    detail: 'meters are read here: there is no waveform',
  });
  const read = await terminal.obey({ name: 'read', args: { points: ['c4.currentA'] } });
  assert.ok('ok' in read);
  assert.deepEqual((read.result as { values: unknown }).values, { 'c4.currentA': 4.5 });
});

test('overload, residual current and a state of the monitor are told and end, at the pace of the meters', async (context) => {
  const holding = new Map([
    [0x190, 18],
    [0xc9, 0],
    [0xcb, 0],
    [0xcf, 0],
  ]);
  const units = new Map<number, SlaveUnit>([
    [1, { input: sdm630([4.5, 5.5, 6.5]) }],
    [2, { holding }],
  ]);
  const slave = await slaveOf(context, units);
  const meters = [meter('m1', 1, 'eastron-sdm630'), meter('r1', 2, 'schneider-rhu')];
  const { events, newest } = running(context, busTo(slave, { meters }), {
    ratedA: { c2: 10 },
    overloadBands: [
      { ratio: 1.2, deadbandRatio: 0.05, onDelayMs: 400, offDelayMs: 300, level: 'alarm', source: 'test' },
    ],
  });
  await eventually('values', () => 'c2.currentA' in newest(), PATIENCE_MS);
  for (const [address, word] of sdm630([4.5, 15, 6.5])) units.get(1)?.input?.set(address, word);
  await eventually('overload', () => events('overload').length > 0, PATIENCE_MS);
  const [overload] = events('overload');
  assert.deepEqual(
    [overload?.point, overload?.level, overload?.evidence?.['value'], overload?.evidence?.['limit']],
    ['c2', 'alarm', 15, 12],
  );
  holding.set(0xcb, 1);
  await eventually('pre-alarm', () => events('residualCurrent').length > 0, PATIENCE_MS);
  assert.deepEqual(
    events('residualCurrent').map(({ level, active, evidence }) => [level, active, evidence?.['measure']]),
    [['warning', true, 'residualPreAlarm']],
  );
  for (const [address, word] of sdm630([4.5, 5, 6.5])) units.get(1)?.input?.set(address, word);
  holding.set(0xcb, 0);
  await eventually(
    'ends',
    () => [...events('overload'), ...events('residualCurrent')].filter(({ active }) => active === false).length === 2,
    PATIENCE_MS,
  );
});

test('a meter that falls silent is one fault, its values are absent, never 0, and the others go on', async (context) => {
  const slave = await slaveOf(
    context,
    new Map<number, SlaveUnit>([
      [1, { input: sdm630([4.5, 5.5, 6.5]) }],
      [2, { input: sdm630([1, 2, 3]) }],
    ]),
  );
  const meters = [meter('m1', 1, 'eastron-sdm630'), meter('m2', 2, 'eastron-sdm630', { c1: 'c4', c2: 'c5', c3: 'c6' })];
  const { events, newest, uplink } = running(context, busTo(slave, { meters }));
  await eventually('values of both', () => 'c1.currentA' in newest() && 'c4.currentA' in newest(), PATIENCE_MS);
  slave.faults.set(1, 'silent');
  await eventually('a fault', () => events('fault').length > 0, PATIENCE_MS);
  const [fault] = events('fault');
  assert.deepEqual([fault?.point, fault?.active], ['c1', true]);
  const [reason] = fault?.evidence?.['reasons'] as { source: string; reason: string; detail: string }[];
  assert.deepEqual([reason?.source, reason?.reason], ['m1', 'timeout']);
  assert.match(reason?.detail ?? '', /unit 1: no answer within 200 ms/);
  const told = uplink.telemetry().length;
  await eventually('telemetry without it', () => uplink.telemetry().length >= told + 3, PATIENCE_MS);
  for (const { points } of uplink.telemetry().slice(told + 1)) {
    assert.ok(points.includes('c4.currentA') && !points.includes('c1.currentA'), points.join());
  }
  assert.equal(events('fault').length, 1, 'not one for each circuit');
  slave.faults.delete(1);
  await eventually(
    'well again',
    () => events('fault').at(-1)?.active === false && 'c1.currentA' in newest(),
    PATIENCE_MS,
  );
});

test('a bus that is gone is one fault of the terminal and ends by itself', async (context) => {
  const input = sdm630([4.5, 5.5, 6.5]);
  const slave = await ModbusSlave.start(
    new Map<number, SlaveUnit>([
      [1, { input }],
      [2, { input }],
    ]),
  );
  const meters = [meter('m1', 1, 'eastron-sdm630'), meter('m2', 2, 'eastron-sdm630', { c1: 'c4', c2: 'c5', c3: 'c6' })];
  const { events, newest } = running(context, busTo(slave, { meters }));
  await eventually('values', () => 'c1.currentA' in newest(), PATIENCE_MS);
  await slave.stop();
  await eventually('a fault', () => events('fault').length > 0, PATIENCE_MS);
  const [fault] = events('fault');
  const [reason] = fault?.evidence?.['reasons'] as { source: string; reason: string }[];
  assert.deepEqual([fault?.point, reason?.source, reason?.reason], ['', 'b1', 'notConnected']);
});

test('what a device refuses and what it marks as not measured are faults by their place, the rest is told', async (context) => {
  const input = sdm630([4.5, 5.5, 6.5]);
  for (const at of [0, 1]) input.delete(0x46 + at);
  const [nanHigh = 0, nanLow = 0] = [0x7fc0, 0];
  input.set(0x08, nanHigh);
  input.set(0x09, nanLow);
  const slave = await slaveOf(context, new Map([[1, { input }]]));
  const { events, newest } = running(context, busTo(slave, { meters: [meter('m1', 1, 'eastron-sdm630')] }));
  await eventually(
    'both',
    () => (events('fault').at(-1)?.evidence?.['reasons'] as unknown[] | undefined)?.length === 2,
    PATIENCE_MS,
  );
  const details = (events('fault').at(-1)?.evidence?.['reasons'] as { detail: string }[])
    .map(({ detail }) => detail)
    .sort();
  assert.match(details[0] ?? '', /c2\.currentA: the device says NaN/);
  assert.match(details[1] ?? '', /input 70–71: exception 2 \(illegal data address\)/);
  await eventually('the rest', () => newest()['c1.currentA'] === 4.5, PATIENCE_MS);
  assert.ok(!('c2.currentA' in newest()) && !('c1.frequencyHz' in newest()));
});

test('contacts are told when they have held still, and the siren coil follows the sounder', async (context) => {
  const discrete = new Map([
    [0, false],
    [1, true],
  ]);
  const coils = new Map([[5, false]]);
  const slave = await slaveOf(context, new Map([[9, { discrete, coils }]]));
  const common = { bus: 'b1', unit: 9, table: 'discrete', everyMs: 100 } as const;
  const config: Partial<FieldbusConfig> = {
    inputs: [
      { id: 'smokeRelay', address: 0, kind: 'smoke', level: 'alarm', debounceMs: 300, ...common },
      { id: 'door', address: 1, activeWhen: false, kind: 'tamper', level: 'warning', ...common },
    ],
    siren: { bus: 'b1', unit: 9, coil: 5 },
  };
  const { events, terminal } = running(context, busTo(slave, config));
  await eventually(
    'both are known to be at rest',
    () => events('smoke').length === 1 && events('tamper').length === 1,
    PATIENCE_MS,
  );
  assert.deepEqual([events('smoke')[0]?.active, events('tamper')[0]?.active], [false, false]);
  discrete.set(0, true);
  await eventually('smoke', () => events('smoke').length === 2, PATIENCE_MS);
  assert.deepEqual(
    [events('smoke')[1]?.point, events('smoke')[1]?.active, events('smoke')[1]?.level],
    ['smokeRelay', true, 'alarm'],
  );
  await terminal.obey({ name: 'siren', args: { on: true, durationS: 60 } });
  await eventually('the siren', () => coils.get(5) === true, PATIENCE_MS);
  await terminal.obey({ name: 'siren', args: { on: false } });
  await eventually('silence', () => coils.get(5) === false, PATIENCE_MS);
  await terminal.obey({ name: 'siren', args: { on: true, durationS: 60 } });
  await eventually('the siren again', () => coils.get(5) === true, PATIENCE_MS);
  await terminal.stop(0);
  assert.equal(coils.get(5), false, 'nobody is left to end it');
});

test('a busy device is asked again and is no fault', async (context) => {
  let busy = 3;
  const input = sdm630([4.5, 5.5, 6.5]);
  const get = input.get.bind(input);
  input.get = (address) => {
    if (busy > 0) {
      busy -= 1;
      throw exception(6);
    }
    return get(address);
  };
  const slave = await slaveOf(context, new Map([[1, { input }]]));
  const { events, newest } = running(context, busTo(slave, { meters: [meter('m1', 1, 'eastron-sdm630')] }));
  await eventually('values', () => newest()['c1.currentA'] === 4.5, PATIENCE_MS);
  assert.deepEqual(events('fault'), []);
});
