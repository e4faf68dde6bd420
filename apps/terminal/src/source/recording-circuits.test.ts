import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordedBoardOf } from './recording-circuits.ts';

const channel = (name: string, value: number) => ({ name, unit: '', values: Float64Array.of(value) });

test('names without prefix are the first circuit and the first thermometer', () => {
  const board = recordedBoardOf({
    channels: [
      channel('voltageV', 1),
      channel('currentA', 2),
      channel('residualCurrentMa', 3),
      channel('temperatureC', 4),
      channel('noise', 5),
    ],
  });
  assert.deepEqual(board, {
    voltageV: Float64Array.of(1),
    circuits: [
      {
        prefix: 'c1',
        voltageV: Float64Array.of(1),
        currentA: Float64Array.of(2),
        residualCurrentMa: Float64Array.of(3),
        hasOwnVoltage: false,
      },
    ],
    temperatures: [{ prefix: 't1', temperatureC: Float64Array.of(4) }],
    unused: ['noise'],
  });
});

test('three phases keep their own voltages, a circuit without one takes the first', () => {
  const names = ['c1.voltageV', 'c2.voltageV', 'c2.currentA', 'c1.currentA', 'c3.currentA', 'c2.temperatureC'];
  const board = recordedBoardOf({ channels: names.map((name, index) => channel(name, index)) });
  assert.deepEqual(
    board.circuits.map(({ prefix, voltageV, currentA, hasOwnVoltage }) => [
      prefix,
      voltageV[0],
      currentA[0],
      hasOwnVoltage,
    ]),
    [
      ['c1', 0, 3, false],
      ['c2', 1, 2, true],
      ['c3', 0, 4, false],
    ],
  );
  assert.deepEqual(board.temperatures, [{ prefix: 't2', temperatureC: Float64Array.of(5) }]);
});

test('a recording without voltage or without current is refused, naming its channels', () => {
  assert.throws(() => recordedBoardOf({ channels: [channel('currentA', 1)] }), /no voltage among currentA/);
  assert.throws(() => recordedBoardOf({ channels: [channel('voltageV', 1)] }), /no current among voltageV/);
});
