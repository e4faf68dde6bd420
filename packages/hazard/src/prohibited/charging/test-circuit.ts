import type { ChargingReading } from './charging-reading.ts';

/** A load of the tests: P, Q and the phasors of harmonics 3, 5 and 7, VA, in closed form. */
export type TestLoad = {
  readonly activePowerW: number;
  readonly reactivePowerVar: number;
  readonly harmonicsVa: readonly number[];
  /** Factor on it, `elapsedS` after switch-on. */
  readonly course: (elapsedS: number) => number;
};

/**
 * A rectifier without correction: D/P = 1.3 in harmonics 3, 5, 7 with magnitudes 0.85 : 0.65 : 0.42, turned by
 * `angleRad` per order. No simulator behind it: the recogniser must not be tested with what it was developed on.
 */
export function rectifierLoad(powerW: number, course: TestLoad['course'] = () => 1, angleRad = 0.1): TestLoad {
  const sizes = [0.85, 0.65, 0.42];
  const norm = Math.hypot(...sizes);
  const harmonicsVa = sizes.flatMap((size, index) => {
    const va = (1.3 * powerW * size) / norm;
    const phaseRad = Math.PI * (index + 1) + angleRad * (2 * index + 3);
    return [va * Math.cos(phaseRad), va * Math.sin(phaseRad)];
  });
  return { activePowerW: powerW, reactivePowerVar: -0.1 * powerW, harmonicsVa, course };
}

export function heaterLoad(powerW: number, course: TestLoad['course'] = () => 1): TestLoad {
  return { activePowerW: powerW, reactivePowerVar: 0, harmonicsVa: [0, 0, 0, 0, 0, 0], course };
}

export type Switched = { readonly load: TestLoad; readonly onS: number; readonly offS?: number };

/** Seconds of a circuit with white noise of 0.2 VA, `fromS` … `toS`. */
export function* secondsOf(
  loads: readonly Switched[],
  fromS: number,
  toS: number,
  seed = 1,
): Generator<ChargingReading> {
  const normal = normals(seed + fromS);
  for (let second = fromS + 1; second <= toS; second++) {
    let activePowerW = 0.2 * normal();
    let reactivePowerVar = 0.2 * normal();
    const harmonicsVa = Float64Array.from({ length: 6 }, () => 0.1 * normal());
    for (const { load, onS, offS = Infinity } of loads) {
      if (second <= onS || second > offS) continue;
      const factor = load.course(second - onS);
      activePowerW += factor * load.activePowerW;
      reactivePowerVar += factor * load.reactivePowerVar;
      load.harmonicsVa.forEach((va, k) => (harmonicsVa[k] = (harmonicsVa[k] as number) + factor * va));
    }
    yield { at: second * 1000, activePowerW, reactivePowerVar, distortionVa: Math.hypot(...harmonicsVa), harmonicsVa };
  }
}

/** Standard normal numbers by Box and Muller over mulberry32. */
export function normals(seed: number): () => number {
  let a = seed >>> 0;
  const uniform = (): number => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
