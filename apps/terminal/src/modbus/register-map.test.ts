import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { decodeBlock } from './decode-block.ts';
import { decodeRegister } from './decode-register.ts';
import { loadRegisterMap, shippedMapIds } from './load-register-map.ts';
import { readPlan } from './read-plan.ts';
import { registerMapProblems, type MapRegister } from './register-map.ts';

const register = (more: Partial<MapRegister>): MapRegister => ({
  point: 'c1.currentA',
  table: 'holding',
  address: 0,
  type: 'u16',
  unit: 'A',
  ...more,
});

test('every type is what IEEE 754 and two’s complement say, in either order of words', () => {
  // 230.5 is 0x43668000 as a float and 0x406CD00000000000 as a double.
  const cases: readonly [Partial<MapRegister>, readonly number[], number][] = [
    [{ type: 'u16' }, [0xffff], 65_535],
    [{ type: 'i16' }, [0xffff], -1],
    [{ type: 'u32' }, [1, 2], 65_538],
    [{ type: 'u32', wordOrder: 'lowFirst' }, [1, 2], 131_073],
    [{ type: 'i32' }, [0xffff, 0xfffe], -2],
    [{ type: 'f32' }, [0x4366, 0x8000], 230.5],
    [{ type: 'f32', wordOrder: 'lowFirst' }, [0x8000, 0x4366], 230.5],
    [{ type: 'f64' }, [0x406c, 0xd000, 0, 0], 230.5],
    [{ type: 'u64' }, [0, 0, 1, 0], 65_536],
    [{ type: 'i64' }, [0xffff, 0xffff, 0xffff, 0xff00], -256],
    [{ type: 'u16', scale: 0.1 }, [2301], 230.1],
    [{ type: 'i16', scale: 0.1, offset: -40 }, [715], 31.5],
    [{ type: 'u16', unit: 'mA' }, [1500], 1.5],
    [{ point: 'c1.activePowerW', unit: 'kW', type: 'f32' }, [0x3fc0, 0], 1500],
    [{ point: 'c1.energyKwh', unit: 'Wh', type: 'u32' }, [0, 2500], 2.5],
    [{ point: 'c1.residualCurrentMa', unit: 'A', scale: 0.001 }, [30], 30],
  ];
  for (const [more, words, value] of cases) {
    assert.deepEqual(decodeRegister(register(more), 'highFirst', words), { value }, JSON.stringify(more));
  }
});

test('what a device marks as not measured is bad, never 0', () => {
  const bad = (more: Partial<MapRegister>, words: readonly number[]): string => {
    const decoded = decodeRegister(register(more), 'highFirst', words);
    return 'bad' in decoded ? decoded.bad : `value ${decoded.value}`;
  };
  assert.match(bad({ invalid: [0xffff] }, [0xffff]), /says 65535: not measured/);
  assert.match(bad({ type: 'f32' }, [0x7fc0, 0]), /says NaN/);
  assert.match(bad({ type: 'u64', invalid: [18446744073709551615] }, [0xffff, 0xffff, 0xffff, 0xffff]), /not measured/);
  assert.match(bad({ max: 100 }, [101]), /101 is outside -Infinity to 100/);
  assert.equal(bad({}, [0]), 'value 0');
});

test('all shipped maps are sound, say where they are from, and were tried on no device', () => {
  const ids = shippedMapIds();
  assert.ok(ids.length >= 3);
  for (const id of ids) {
    const map = loadRegisterMap(id);
    assert.deepEqual([map.id, map.verifiedOn], [id, 'none']);
    assert.ok(map.document.title.length > 10);
    for (const block of readPlan(map)) assert.ok(block.count <= map.limits.registers, id);
  }
});

test('a block reads neighbours together, up to the limit, over the permitted gap, and never half a register', () => {
  const map = loadRegisterMap('eastron-sdm630');
  const plan = readPlan(map).map(({ table, address, count, everyMs }) => [table, address, count, everyMs]);
  // Voltages, currents and powers 0x00–0x11; reactive powers and factors 0x18–0x23 over a gap of six; the slow ones.
  assert.deepEqual(plan, [
    ['input', 0x00, 36, 1000],
    ['input', 0x46, 2, 10_000],
    ['input', 0xf0, 6, 10_000],
    ['input', 0x15a, 6, 10_000],
  ]);
  const narrow = { ...map, limits: { registers: 5 } };
  for (const { count, registers } of readPlan(narrow)) assert.equal(count, 2 * registers.length);
  assert.deepEqual(
    readPlan(map, (point) => point.startsWith('c2.')).map(({ address, count }) => [address, count]),
    [
      [0x02, 14],
      [0x1a, 8],
      [0xf2, 2],
      [0x15c, 2],
    ],
  );
});

test('the bits of a register become states', () => {
  const map = loadRegisterMap('schneider-rhu');
  const [block, ...others] = readPlan(map).filter(({ states }) => states.length > 0);
  assert.ok(block);
  const word = (place: { address: number; count: number }) => Array.from({ length: place.count }, () => 1);
  const states = [block, ...others].flatMap((each) => decodeBlock(map, each, word(each)).states);
  assert.deepEqual(states.map(({ state, isActive }) => [state.name, isActive]).sort(), [
    ['residualAlarm', true],
    ['residualPreAlarm', true],
    ['toroidMissing', true],
  ]);
  assert.throws(() => decodeBlock(map, block, []), /0 values, 1 were asked for/);
});

test('a wrong map is refused with everything that is wrong, by place and value', (context) => {
  const map = loadRegisterMap('eastron-sdm120');
  const [voltage] = map.registers;
  assert.ok(voltage);
  assert.deepEqual(
    registerMapProblems({
      ...map,
      registers: [
        voltage,
        voltage,
        { ...voltage, point: 'c2.currentA', unit: 'V', scale: 0 },
        { ...voltage, point: 'c2.activePowerW', unit: 'kW', address: 65_535, min: 5, max: 5 },
      ],
      states: [
        { name: 'a', table: 'holding', address: 1, point: 'c1', kind: 'smoke', level: 'alarm' },
        { name: 'a', table: 'coil', address: 1, bit: 2, point: 'c3', kind: 'smokes', level: 'alarm' },
      ],
    }).map((problem) => problem.slice(0, 74)),
    [
      'registers.1 (c1.voltageV): the point is given twice',
      'registers.2 (c2.currentA): unit is "V", which no currentA can be given in',
      'registers.2 (c2.currentA): scale is 0, which leaves nothing of the value',
      'registers.3 (c2.activePowerW): f32 at 65535 ends behind register 65535',
      'registers.3 (c2.activePowerW): min is 5 and max 5, expected min below max',
      'states.0 (a): bit is missing, expected 0 to 15',
      'states.1 (a): the name is given twice',
      'states.1 (a): a coil has no bit',
      'states.1 (a): no register is of c3',
      'states.1 (a): kind is smokes, expected one of arc, overload, contactHeatin',
    ],
  );
  const folder = mkdtempSync(path.join(tmpdir(), 'fengsui-map-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'mine.json');
  writeFileSync(file, JSON.stringify({ ...map, everyMs: 5, colour: 'red', registers: [{ ...voltage, type: 'u8' }] }));
  assert.throws(
    () => loadRegisterMap(file),
    (error: Error) => {
      assert.match(error.message, /mine\.json: everyMs must be >= 100/);
      assert.match(error.message, /mine\.json: registers\.0\.type must be equal to one of/);
      assert.match(error.message, /mine\.json: .*additional properties|mine\.json: colour/);
      return true;
    },
  );
  assert.throws(
    () => loadRegisterMap('no-such-meter'),
    /there is no such one; expected a \.json file or one of abb-b23/,
  );
});
