/** Size of the V-I image, cells per side. */
const IMAGE_SIZE = 16;

/** What the V-I trajectory of a load looks like, both axes divided by their own peak. */
export type TrajectoryShape = {
  /**
   * Signed area inside the loop over the area of the unit square's four quadrants (4): positive when it is run through
   * counter-clockwise in the (v, i) plane, as a lagging current does; 0 for a resistor, ±π/4 for a pure reactance.
   */
  readonly area: number;
  /** Area between the branches of rising and of falling voltage, without sign, over 4: hysteresis of any direction. */
  readonly loopArea: number;
  /** How often the rising and the falling branch cross. */
  readonly selfIntersections: number;
  /** Current at three voltages (a quarter, half and 0.9 of the peak) on the rising and the falling branch, -1..1. */
  readonly risingCurrent: readonly [number, number, number];
  readonly fallingCurrent: readonly [number, number, number];
  /** 16 x 16 cells the curve visits, rows from the largest current down, 4 hexadecimal digits a row: 64 digits. */
  readonly image: string;
};

/**
 * Describes one cycle's trajectory. The branches are read from the mean of both half-waves (the odd part of the
 * current), so that they do not depend on which way round a plug sits. Both arrays start at the rising zero of the
 * voltage and have the same even number of points.
 */
export function trajectoryShape(voltageV: Float64Array, currentA: Float64Array): TrajectoryShape {
  const voltage = overPeak(voltageV);
  const current = overPeak(currentA);
  const odd = oddPart(current);
  const oddVoltage = oddPart(voltage);
  const rising = READ_AT.map((level) => currentAt(oddVoltage, odd, level, 'rising'));
  const falling = READ_AT.map((level) => currentAt(oddVoltage, odd, level, 'falling'));
  return {
    area: signedArea(voltage, current) / 4,
    ...comparedBranches(oddVoltage, odd),
    risingCurrent: rising as [number, number, number],
    fallingCurrent: falling as [number, number, number],
    image: imageOf(voltage, current),
  };
}

const READ_AT = [0.25, 0.5, 0.9] as const;

function overPeak(values: Float64Array): Float64Array {
  let peak = 0;
  for (const value of values) peak = Math.max(peak, Math.abs(value));
  return peak === 0 ? values.slice() : values.map((value) => value / peak);
}

/** First half of the half-wave symmetric part: (x(θ) - x(θ + π)) / 2. */
function oddPart(values: Float64Array): Float64Array {
  const half = values.length / 2;
  return values.slice(0, half).map((value, point) => (value - (values[point + half] as number)) / 2);
}

function signedArea(voltage: Float64Array, current: Float64Array): number {
  let twice = 0;
  for (let point = 0; point < voltage.length; point++) {
    const next = (point + 1) % voltage.length;
    twice +=
      (voltage[point] as number) * (current[next] as number) - (voltage[next] as number) * (current[point] as number);
  }
  return twice / 2;
}

/** Current of the positive half-wave where the voltage passes `level` of its peak, on the way up or down. */
function currentAt(voltage: Float64Array, current: Float64Array, level: number, way: 'rising' | 'falling'): number {
  const count = voltage.length;
  let peak = 0;
  for (let point = 0; point < count; point++) if ((voltage[point] as number) > (voltage[peak] as number)) peak = point;
  const limit = level * (voltage[peak] as number);
  // The half-wave goes on with its own negative on both sides.
  const at = (values: Float64Array, point: number): number =>
    point < 0 ? -(values[count - 1] as number) : point < count ? (values[point] as number) : -(values[0] as number);
  const step = way === 'rising' ? -1 : 1;
  let point = peak;
  while (point >= 0 && point < count && at(voltage, point + step) > limit) point += step;
  const inner = at(voltage, point);
  const outer = at(voltage, point + step);
  const part = inner === outer ? 0 : (inner - limit) / (inner - outer);
  return at(current, point) + part * (at(current, point + step) - at(current, point));
}

/** Reads both branches on common voltages: the area between them and how often they cross. */
function comparedBranches(
  voltage: Float64Array,
  current: Float64Array,
): { loopArea: number; selfIntersections: number } {
  const LEVELS = 24;
  /** Branches closer than this part of the peak touch, they do not cross. */
  const CLOSE = 0.02;
  let area = 0;
  let crossings = 0;
  let side = 0;
  for (let index = 1; index < LEVELS; index++) {
    const level = index / LEVELS;
    const gap = currentAt(voltage, current, level, 'rising') - currentAt(voltage, current, level, 'falling');
    area += Math.abs(gap) / LEVELS;
    if (Math.abs(gap) < CLOSE) continue;
    if (side !== 0 && Math.sign(gap) !== side) crossings++;
    side = Math.sign(gap);
  }
  // Two half-waves, over the four quadrants; the odd part crosses alike in both.
  return { loopArea: area / 2, selfIntersections: 2 * crossings };
}

function imageOf(voltage: Float64Array, current: Float64Array): string {
  const rows = new Uint16Array(IMAGE_SIZE);
  const count = voltage.length;
  const cell = (value: number): number =>
    Math.min(IMAGE_SIZE - 1, Math.max(0, Math.floor(((value + 1) / 2) * IMAGE_SIZE)));
  for (let point = 0; point < count; point++) {
    const next = (point + 1) % count;
    // Between two points as finely as a cell, so that steep edges leave no gap.
    for (let part = 0; part < IMAGE_SIZE; part++) {
      const share = part / IMAGE_SIZE;
      const v = (voltage[point] as number) + share * ((voltage[next] as number) - (voltage[point] as number));
      const i = (current[point] as number) + share * ((current[next] as number) - (current[point] as number));
      const row = IMAGE_SIZE - 1 - cell(i);
      rows[row] = (rows[row] as number) | (1 << (IMAGE_SIZE - 1 - cell(v)));
    }
  }
  return [...rows].map((bits) => bits.toString(16).padStart(4, '0')).join('');
}
