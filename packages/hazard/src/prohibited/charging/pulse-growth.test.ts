import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pulseGrowth } from './pulse-growth.ts';

/** Of the fundamental and of harmonics 3, 5 … 15. */
const ORDERS = [1, 3, 5, 7, 9, 11, 13, 15];

/**
 * Harmonics 3, 5 … 15 of a capacitor of `microfarad` behind a bridge, `ohm` and `henry`, that feeds a converter of `powerW` from
 * 230 V at 50 Hz, by stepping its equations until they repeat: [in phase, quadrature] times the voltage.
 */
function bridge(
  powerW: number,
  microfarad: number,
  ohm: number,
  henry: number,
): { powerW: number; harmonicsVa: number[] } {
  const stepS = 2e-6;
  const perCycle = 10_000;
  let u = 300;
  let i = 0;
  const sums = new Float64Array(2 * ORDERS.length);
  for (let cycle = 0; cycle < 12; cycle++) {
    sums.fill(0);
    for (let n = 0; n < perCycle; n++) {
      const angle = (2 * Math.PI * n) / perCycle;
      const v = 230 * Math.SQRT2 * Math.cos(angle);
      i = Math.max(0, i + (stepS * (Math.abs(v) - u - ohm * i)) / henry);
      u += (stepS * (i - powerW / u)) / (microfarad * 1e-6);
      const current = Math.sign(v) * i;
      ORDERS.forEach((order, k) => {
        sums[2 * k] = (sums[2 * k] as number) + current * Math.cos(order * angle);
        // Lagging is counted backwards, as for the fundamental's reactive power.
        sums[2 * k + 1] = (sums[2 * k + 1] as number) + current * Math.sin(order * angle);
      });
    }
  }
  const va = Array.from(sums, (sum) => (230 * Math.SQRT2 * sum) / perCycle);
  // Phases are told against a sine of the voltage: a cosine's harmonic of order k is turned by k quarter turns.
  const turned = ORDERS.slice(1).flatMap((order, index) => {
    const k = index + 1;
    const sign = order % 4 === 3 ? -1 : 1;
    return [sign * (va[2 * k] as number), -sign * (va[2 * k + 1] as number)];
  });
  return { powerW: va[0] as number, harmonicsVa: turned };
}

test('the growth of a capacitor’s pulses is near that of its differential equation, and proportion is far from it', () => {
  for (const [powerW, microfarad, ohm, henry] of [
    [150, 180, 4, 1e-3],
    [250, 250, 3, 0.8e-3],
    [350, 420, 2, 0.6e-3],
  ] as const) {
    const low = bridge(0.97 * powerW, microfarad, ohm, henry);
    const high = bridge(1.03 * powerW, microfarad, ohm, henry);
    const own = bridge(powerW, microfarad, ohm, henry).harmonicsVa;
    const { harmonicsVa } = pulseGrowth(own);
    const logs = Math.log(high.powerW / low.powerW);
    let off = 0;
    let all = 0;
    let inProportion = 0;
    for (let k = 0; k < own.length; k++) {
      const truth = ((high.harmonicsVa[k] as number) - (low.harmonicsVa[k] as number)) / logs;
      off += (truth - (harmonicsVa[k] as number)) ** 2;
      all += truth ** 2;
      inProportion += (truth - (own[k] as number)) ** 2;
    }
    assert.ok(Math.sqrt(off / all) < 0.2, `${powerW} W: off by ${Math.sqrt(off / all)}`);
    assert.ok(off < inProportion / 4, `${powerW} W: ${Math.sqrt(off)} of ${Math.sqrt(inProportion)} VA`);
  }
});

test('the seventh harmonic grows less than the fifth, the fifth less than the third, all in proportion to their size', () => {
  const small = pulseGrowth([-90, 0, 72, 0, -50, 0]);
  const large = pulseGrowth([-180, 0, 144, 0, -100, 0]);
  small.harmonicsVa.forEach((va, k) => assert.ok(Math.abs((large.harmonicsVa[k] ?? NaN) - 2 * va) < 1e-9));
  const along = [0, 1, 2].map((k) => (small.harmonicsVa[2 * k] ?? NaN) / ([-90, 72, -50][k] ?? NaN));
  assert.ok((along[0] ?? 0) > (along[1] ?? 1) && (along[1] ?? 0) > (along[2] ?? 1), along.join(' '));
});
