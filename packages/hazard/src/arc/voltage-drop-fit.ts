/**
 * How a half-cycle of current differs from the load's own: r = T − x fitted by
 *
 *   r/Ipk = gainDrop · T/Ipk + shift · T′·(5 points)/Ipk + drop · sign(T)
 *
 * weighted by the load's own scatter per point. The three terms are what can happen to a load that stays the same load:
 * less voltage or less load (gainDrop), a changed power factor (shift), and a voltage lost in series with the sign of
 * the current (drop): the electric arc, 15 to 45 V whatever the current (electrical-fire.md 2.4: Ayrton, Cassie).
 * `drop` is a share of the load's peak current: times the voltage's peak it is the arc's voltage for a resistance.
 */
export type DropFit = {
  gainDrop: number;
  shift: number;
  drop: number;
  /** Part of the weighted square of r that the fit explains, 0..1. */
  explained: number;
  /** Sum |r| over sum |T|. */
  distance: number;
};

/** Below this part of the peak a point counts towards the sign in proportion: around zero the sign is not known. */
const SIGN_FROM = 0.03;
/** Smallest scatter believed, as part of the peak: interpolation, converter, slow change of the mains. */
const LEAST_SPREAD = 0.01;

/**
 * Fits `length` points of current from `from` against mean and scatter from `meanFrom`. `out` is overwritten. With `zeroPoint` the sign is that of the
 * voltage, which has its zero there, instead of the current's: an arc in the line of a heater beside a motor.
 */
export function fitDrop(
  currentA: Float64Array,
  from: number,
  meanA: Float32Array,
  spreadA: Float32Array,
  meanFrom: number,
  length: number,
  peakA: number,
  zeroPoint: number | undefined,
  out: DropFit,
): void {
  const least = (LEAST_SPREAD * peakA) ** 2;
  const inverse = 1 / peakA;
  let aa = 1e-9;
  let ab = 0;
  let ac = 0;
  let bb = 1e-9;
  let bc = 0;
  let cc = 1e-9;
  let ra = 0;
  let rb = 0;
  let rc = 0;
  let rr = 1e-12;
  let away = 0;
  let total = 1e-12;
  let before = meanA[meanFrom] as number;
  let mean = before;
  for (let n = 0; n < length; n++) {
    const after = n + 1 < length ? (meanA[meanFrom + n + 1] as number) : mean;
    const spread = spreadA[meanFrom + n] as number;
    const weight = (peakA * peakA) / (spread * spread + least);
    const a = mean * inverse;
    const b = (after - before) * 5 * inverse;
    const towards = zeroPoint === undefined ? a / SIGN_FROM : n - zeroPoint;
    const c = towards > 1 ? 1 : towards < -1 ? -1 : towards;
    const r = (mean - (currentA[from + n] as number)) * inverse;
    aa += weight * a * a;
    ab += weight * a * b;
    ac += weight * a * c;
    bb += weight * b * b;
    bc += weight * b * c;
    cc += weight * c * c;
    ra += weight * r * a;
    rb += weight * r * b;
    rc += weight * r * c;
    rr += weight * r * r;
    away += Math.abs(r);
    total += Math.abs(a);
    before = mean;
    mean = after;
  }
  // Cramer's rule on the symmetric 3 by 3 system.
  const m0 = bb * cc - bc * bc;
  const m1 = bc * ac - ab * cc;
  const m2 = ab * bc - bb * ac;
  const det = aa * m0 + ab * m1 + ac * m2;
  out.distance = away / total;
  if (!(det > 1e-9 * aa * bb * cc)) {
    out.gainDrop = ra / aa;
    out.shift = 0;
    out.drop = 0;
    out.explained = (ra * ra) / aa / rr;
    return;
  }
  const n1 = aa * cc - ac * ac;
  const n2 = ab * ac - aa * bc;
  const k2 = aa * bb - ab * ab;
  out.gainDrop = (m0 * ra + m1 * rb + m2 * rc) / det;
  out.shift = (m1 * ra + n1 * rb + n2 * rc) / det;
  out.drop = (m2 * ra + n2 * rb + k2 * rc) / det;
  out.explained = (out.gainDrop * ra + out.shift * rb + out.drop * rc) / rr;
}
