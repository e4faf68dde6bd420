import type { CycleRing } from './cycle-ring.ts';
import { FEATURE_COUNT } from './cycle-features.ts';

/** Of this module: the compiler reads an imported constant anew at each turn of a loop. */
const FEATURES = FEATURE_COUNT;

/** Tells which cycles differ from the one before by more than the noise. */
export type Motion = {
  /** Takes the newest cycle of the ring. */
  push(): void;
  clear(): void;
  /** Whether the cycle left the one before; false for the first cycle and for cycles that are no longer held. */
  isMoving(cycle: number): boolean;
  /** Distance of a held cycle from the one before, A; 0 for the first one. */
  distanceOf(cycle: number): number;
  /** Median distance between consecutive cycles, A; never below the floor. */
  noiseA(): number;
};

/** Cycles whose distances make the median: long enough to outlast an inrush, short enough for the first second. */
const MEDIAN_CYCLES = 32;
/** With so many distances the noise is known. */
const FIRST_CYCLES = 10;
/** Moving from this multiple of the median distance on. A chi of 22 components exceeds 1.9 medians once in 10^5. */
const MOVING_RATIO = 3;
/** Distances of four components of one code of a 16-bit converter (30 A range, 1 mA), and of interpolation errors. */
const FLOOR_A = 0.008;

/** Creates the motion detector of a ring. */
export function createMotion(ring: CycleRing): Motion {
  const moving = new Uint8Array(ring.capacity);
  const distances = new Float32Array(ring.capacity);
  const recent = new Float32Array(MEDIAN_CYCLES);
  const sorted = new Float32Array(MEDIAN_CYCLES);
  let count = 0;
  let pushed = 0;

  const replace = (distanceA: number): void => {
    // In single precision, as it is kept: it is found again by its value.
    const distance = Math.fround(distanceA);
    let place = count;
    if (count < MEDIAN_CYCLES) count++;
    else {
      const leaving = recent[pushed % MEDIAN_CYCLES] as number;
      place = 0;
      while (place < count - 1 && (sorted[place] as number) !== leaving) place++;
    }
    while (place > 0 && (sorted[place - 1] as number) > distance) {
      sorted[place] = sorted[place - 1] as number;
      place--;
    }
    while (place < count - 1 && (sorted[place + 1] as number) < distance) {
      sorted[place] = sorted[place + 1] as number;
      place++;
    }
    sorted[place] = distance;
    recent[pushed++ % MEDIAN_CYCLES] = distance;
  };

  const noiseA = (): number => (count === 0 ? FLOOR_A : Math.max(FLOOR_A, sorted[count >> 1] as number));

  return {
    push() {
      const cycle = ring.newest();
      const slot = cycle % ring.capacity;
      moving[slot] = 0;
      distances[slot] = 0;
      if (cycle === ring.oldest()) return;
      const distance = distanceBetween(ring, cycle, cycle - 1);
      distances[slot] = distance;
      replace(distance);
      if (distance > MOVING_RATIO * noiseA()) moving[slot] = 1;
      if (count !== FIRST_CYCLES) return;
      // The very first had little to be compared with.
      for (let early = ring.oldest() + 1; early < cycle; early++) {
        const place = early % ring.capacity;
        moving[place] = (distances[place] as number) > MOVING_RATIO * noiseA() ? 1 : 0;
      }
    },
    clear() {
      count = 0;
      pushed = 0;
      moving.fill(0);
    },
    isMoving: (cycle) => cycle > ring.oldest() && cycle <= ring.newest() && moving[cycle % ring.capacity] === 1,
    distanceOf: (cycle) => distances[cycle % ring.capacity] as number,
    noiseA,
  };
}

function distanceBetween(ring: CycleRing, one: number, other: number): number {
  const { features } = ring;
  const a = ring.featuresAt(one);
  const b = ring.featuresAt(other);
  let squares = 0;
  for (let k = 0; k < FEATURES; k++) {
    const difference = (features[a + k] as number) - (features[b + k] as number);
    squares += difference * difference;
  }
  return Math.sqrt(squares);
}
