import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CfgAnalog } from './cfg.ts';
import { mapChannels } from './channel-mapping.ts';

function channel(id: string, unit: string, change: Partial<CfgAnalog> = {}): CfgAnalog {
  const plain = { phase: '', component: '', a: 1, b: 0, skewUs: 0, max: 32_767, primary: 1, secondary: 1 };
  return { id, unit, ...plain, side: 'primary', ...change };
}

const mapped = (...channels: CfgAnalog[]) =>
  mapChannels(channels).map(({ name, unit, factor }) => [name, unit, factor]);

test('units decide the quantity and the factor', () => {
  assert.deepEqual(mapped(channel('U', 'kV'), channel('I', 'kA'), channel('T', '℃')), [
    ['voltageV', 'V', 1000],
    ['currentA', 'A', 1000],
    ['temperatureC', '°C', 1],
  ]);
});

test('a residual current is told by its words or by mA without a phase', () => {
  assert.deepEqual(mapped(channel('Leakage', 'A')), [['residualCurrentMa', 'mA', 1000]]);
  assert.deepEqual(mapped(channel('剩余电流', 'mA')), [['residualCurrentMa', 'mA', 1]]);
  assert.deepEqual(mapped(channel('Ch4', 'mA')), [['residualCurrentMa', 'mA', 1]]);
  assert.deepEqual(mapped(channel('IA', 'mA', { phase: 'A' })), [['currentA', 'A', 1e-3]]);
  assert.deepEqual(mapped(channel('3I0', 'A')), [['currentA', 'A', 1]]);
});

test('several channels of one quantity are numbered in the order of the file', () => {
  const names = mapped(channel('IA', 'A'), channel('UA', 'V'), channel('IB', 'A'), channel('IN', 'A')).map(
    ([name]) => name,
  );
  assert.deepEqual(names, ['c1.currentA', 'voltageV', 'c2.currentA', 'c3.currentA']);
});

test('our own names are kept and never given twice', () => {
  const names = mapped(channel('c1.currentA', 'A'), channel('IA', 'A'), channel('IB', 'A')).map(([name]) => name);
  assert.deepEqual(names, ['c1.currentA', 'c2.currentA', 'c3.currentA']);
  assert.deepEqual(mapped(channel('currentA', 'kA'), channel('activePowerW', 'kW')), [
    ['currentA', 'A', 1000],
    ['activePowerW', 'W', 1000],
  ]);
});

test('a name that promises another unit than the file has, and an unknown unit, keep the unit of the file', () => {
  assert.deepEqual(mapped(channel('P', 'kW')), [['P', 'kW', 1]]);
  assert.deepEqual(mapped(channel('currentA', 'V'), channel('p', 'bar')), [
    ['currentA in V', 'V', 1],
    ['p', 'bar', 1],
  ]);
});

test('secondary values become primary by the ratio, when there is one', () => {
  assert.deepEqual(mapped(channel('I', 'A', { side: 'secondary', primary: 933, secondary: 3 })), [
    ['currentA', 'A', 311],
  ]);
  assert.deepEqual(mapped(channel('I', 'A', { side: 'secondary', primary: 0, secondary: 0 })), [['currentA', 'A', 1]]);
});
