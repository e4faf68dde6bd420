import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScenarioBoard, parseCitySource } from '@fengsui/city';
import { createArcDetector, type ArcDetectorState } from '@fengsui/hazard';

test('an arc that burns on is not learned as the load it burns in, nor over a restart', () => {
  const board = createScenarioBoard(parseCitySource('city:arc?seed=7&after=3&bursts=1'), 1_763_718_000_000);
  let arcing = 0;
  const create = (state?: ArcDetectorState) =>
    createArcDetector(
      {
        circuit: 'c1',
        sampleRateHz: board.sampleRateHz,
        mainsHz: 50,
        ratedA: 16,
        onDecision: ({ isArcing }) => (arcing += isArcing ? 1 : 0),
      },
      state,
    );
  let detector = create();
  const play = (fromS: number, toS: number): number => {
    arcing = 0;
    for (let piece = 100 * fromS; piece < 100 * toS; piece++) {
      const { voltageV, circuits } = board.next(board.sampleRateHz / 100);
      const [circuit] = circuits;
      assert.ok(circuit);
      detector.push({ voltageV, currentA: circuit.currentA }, 10 * piece);
    }
    return arcing / (100 * (toS - fromS));
  };
  assert.ok(play(0, 3) < 0.01, 'no arc burns yet');
  play(3, 6);
  assert.ok(play(6, 9) > 0.9, 'three seconds later it is an arc still');
  detector = create(JSON.parse(JSON.stringify(detector.state())) as ArcDetectorState);
  assert.ok(play(9, 12) > 0.9, 'and after a restart');
});
