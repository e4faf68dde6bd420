import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFiringJitter } from './firing-jitter.ts';
import { createHalfCycleHistory, type HalfCycleHistory } from './half-cycle-history.ts';
import { learnState, type LoadState } from './load-state.ts';

const POINTS = 64;

type Shape = {
  /** Point after the half-cycle's first at which the dimmer fires. */
  readonly firesAt?: number;
  /** Of a resistance beside the dimmer, A. */
  readonly besideA?: number;
  /** Taken away wherever current flows, A. */
  readonly dropA?: number;
};

/** A dimmer of 5 A peak that fires late in the rising half, beside a resistance; converter noise of 3 mA. */
function halfCycle({ firesAt = 30, besideA = 1, dropA = 0 }: Shape, index: number): Float64Array {
  return Float64Array.from({ length: POINTS }, (_, n) => {
    const sine = Math.sin((Math.PI * (n - 8)) / POINTS);
    // The filter spreads the edge over two points.
    const fired = Math.min(1, Math.max(0, (n - firesAt) / 2));
    const currentA = (5 * fired + besideA) * sine;
    return currentA - Math.sign(sine) * Math.min(Math.abs(currentA), dropA) + 0.003 * Math.sin(7 * n * (index + 1));
  });
}

/** What is usual, and then half-cycles of these shapes; positive and negative in turn. */
function after(shapes: readonly Shape[]): { history: HalfCycleHistory; state: LoadState } {
  const history = createHalfCycleHistory(POINTS);
  let count = 0;
  const add = (shape: Shape): void => {
    const polarity = count % 2 === 0 ? 1 : -1;
    const wave = halfCycle(shape, count++);
    history.add(
      wave.map((valueA) => polarity * valueA),
      polarity,
    );
  };
  for (let half = 0; half < 16; half++) add({ firesAt: 30 + 0.2 * (half % 3) });
  const state = learnState(history, 16, 311, 8);
  for (const shape of shapes) add(shape);
  return { history, state };
}

function isJitter(shapes: readonly Shape[]): boolean {
  const { history, state } = after(shapes);
  return isFiringJitter(history, state);
}

test('a triac that fires a little sooner or later is new at its edge only', () => {
  assert.equal(isJitter([{ firesAt: 31 }, { firesAt: 30 }, { firesAt: 29.5 }, { firesAt: 31 }, { firesAt: 32 }]), true);
});

test('so is what follows a load that was switched off beside it: only the first two half-cycles are new', () => {
  const off = (count: number) => Array.from({ length: count }, (_, n) => ({ besideA: 0.7, firesAt: 30 + (n % 4) / 2 }));
  assert.equal(isJitter(off(1)), false);
  assert.equal(isJitter(off(2)), false);
  assert.equal(isJitter(off(3)), true);
  assert.equal(isJitter(off(8)), true);
});

test('an arc takes away by more and by less beside the edge too', () => {
  const arc = [0.3, 0.45, 0.37, 0.25, 0.22, 0.4].map((dropA) => ({ dropA, firesAt: 31 }));
  for (let count = 1; count <= arc.length; count++) assert.equal(isJitter(arc.slice(0, count)), false, `${count}`);
});

test('where nothing fires there is no jitter', () => {
  const { history, state } = after([{}]);
  assert.equal(isFiringJitter(history, state), true);
  assert.equal(isFiringJitter(history, { ...state, stepRatio: 0.2 }), false);
});
