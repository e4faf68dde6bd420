/**
 * Complex rms amplitudes of the harmonics of one cycle: harmonic h is √2·|X_h|·sin(h·θ + arg X_h), θ = 0 at the first
 * point. Index = harmonic; index 0 holds the mean in `re`.
 */
export type Phasors = { readonly re: Float64Array; readonly im: Float64Array };

/**
 * Harmonics 0..highest of one cycle of equally spaced points, by projection: any number of points serves, so cycles
 * of 128 points and of 500 give the same numbers. A NaN among the points makes every phasor NaN.
 *
 * Throws RangeError when `highest` is not below half the number of points: such a harmonic is not measurable.
 */
export function phasorsOf(points: Float64Array, highest: number): Phasors {
  const count = points.length;
  if (!(highest >= 1 && highest < count / 2)) {
    throw new RangeError(`phasorsOf: harmonic ${highest} of ${count} points; expected 1 <= harmonic < ${count / 2}`);
  }
  const re = new Float64Array(highest + 1);
  const im = new Float64Array(highest + 1);
  const { cos, sin } = circle(count);
  let sum = 0;
  for (const value of points) sum += value;
  re[0] = sum / count;
  for (let h = 1; h <= highest; h++) {
    let a = 0;
    let b = 0;
    for (let point = 0, turn = 0; point < count; point++) {
      const value = points[point] as number;
      a += value * (sin[turn] as number);
      b += value * (cos[turn] as number);
      turn += h;
      if (turn >= count) turn -= count;
    }
    re[h] = (Math.SQRT2 * a) / count;
    im[h] = (Math.SQRT2 * b) / count;
  }
  return { re, im };
}

/** The same cycle read from `angleRad` (of the fundamental) later on: phasor h turned by h·angleRad. */
export function shifted(phasors: Phasors, angleRad: number): Phasors {
  const re = phasors.re.slice();
  const im = phasors.im.slice();
  for (let h = 1; h < re.length; h++) {
    const c = Math.cos(h * angleRad);
    const s = Math.sin(h * angleRad);
    const x = phasors.re[h] as number;
    const y = phasors.im[h] as number;
    re[h] = x * c - y * s;
    im[h] = x * s + y * c;
  }
  return { re, im };
}

/** The waveform of harmonics 1..highest (as far as the phasors go) on `count` points; the mean is left out. */
export function waveOf(phasors: Phasors, count: number, highest = phasors.re.length - 1): Float64Array {
  const { cos, sin } = circle(count);
  const wave = new Float64Array(count);
  for (let h = 1; h <= Math.min(highest, phasors.re.length - 1); h++) {
    const x = Math.SQRT2 * (phasors.re[h] as number);
    const y = Math.SQRT2 * (phasors.im[h] as number);
    for (let point = 0, turn = 0; point < count; point++) {
      (wave[point] as number) += x * (sin[turn] as number) + y * (cos[turn] as number);
      turn = (turn + h) % count;
    }
  }
  return wave;
}

/** |X_h|, rms. */
export function magnitude(phasors: Phasors, h: number): number {
  return Math.hypot(phasors.re[h] as number, phasors.im[h] as number);
}

/** arg X_h, -π..π. */
export function phase(phasors: Phasors, h: number): number {
  return Math.atan2(phasors.im[h] as number, phasors.re[h] as number);
}

type Circle = { readonly cos: Float64Array; readonly sin: Float64Array };

/** Tables by number of points; a stream needs two or three of them. */
const circles = new Map<number, Circle>();
const MOST_CIRCLES = 8;

/** One turn in `count` steps. */
function circle(count: number): Circle {
  const known = circles.get(count);
  if (known !== undefined) return known;
  const cos = new Float64Array(count);
  const sin = new Float64Array(count);
  for (let point = 0; point < count; point++) {
    cos[point] = Math.cos((2 * Math.PI * point) / count);
    sin[point] = Math.sin((2 * Math.PI * point) / count);
  }
  const made = { cos, sin };
  if (circles.size >= MOST_CIRCLES) circles.clear();
  circles.set(count, made);
  return made;
}
