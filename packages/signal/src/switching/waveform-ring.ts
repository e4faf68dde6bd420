/** Waveforms of the newest slots, one byte per point. */
export type WaveformRing = {
  /** Keeps a waveform under number `slot`; slots come in rising order and the newest `capacity` are held. */
  push(slot: number, values: Float64Array): void;
  /** Adds weight times the waveform of a held slot to `target`. */
  add(slot: number, weight: number, target: Float64Array): void;
  clear(): void;
};

const KEY_FULL_SCALE = 32767;
const REST_FULL_SCALE = 127;
/** A rest larger than this part of the waveform's peak is worth a key of its own: 0.1 % of the peak per code. */
const LARGEST_REST = 0.125;

/**
 * Creates a ring of waveforms: a few keys with 16 bits and per slot what is left against one of them with 8 bits of that
 * rest's own peak. A steady current differs from its key by the noise, so that the codes are finer than the noise; a
 * load that pulses finds a key for each of its levels. While no key is free the nearest serves: then a code is at most
 * 0.8 % of the distance between both, and what is averaged over a dozen cycles errs by less than 0.1 % of it.
 * State: (capacity + 2·keyCount)·points bytes and a few numbers.
 */
export function createWaveformRing(capacity: number, points: number, keyCount: number): WaveformRing {
  const keyCodes = new Int16Array(keyCount * points);
  const keySteps = new Float32Array(keyCount);
  /** The newest slot that refers to a key; -1: none. */
  const keyUsedBy = new Float64Array(keyCount).fill(-1);
  const restCodes = new Int8Array(capacity * points);
  const restSteps = new Float32Array(capacity);
  const keyOf = new Uint8Array(capacity);
  let current = 0;

  /** Largest rest of the values against a key; not looked for any more once it reaches `limit`. */
  const restPeak = (values: Float64Array, key: number, limit = Infinity): number =>
    peakOfRest(values, points, keyCodes, key * points, keySteps[key] as number, limit);

  const writeKey = (values: Float64Array, key: number, peak: number): void => {
    const offset = key * points;
    const step = Math.fround(peak / (KEY_FULL_SCALE - 1));
    const perStep = step > 0 ? 1 / step : 0;
    keySteps[key] = step;
    for (let point = 0; point < points; point++) {
      // Truncation of a positive number rounds: four times as fast as Math.round.
      keyCodes[offset + point] = (((values[point] as number) * perStep + KEY_FULL_SCALE + 0.5) | 0) - KEY_FULL_SCALE;
    }
  };

  /** The key that leaves least, or a free one made of the values when that is too much. Returns the rest's peak. */
  const chooseKey = (slot: number, values: Float64Array): number => {
    let least = keyUsedBy[current] === -1 ? Infinity : restPeak(values, current);
    // A rest of at most this part of the key's peak is one of nearly that part of the waveform's own.
    if (least <= LARGEST_REST * KEY_FULL_SCALE * (keySteps[current] as number)) return least;
    let peak = 0;
    for (let point = 0; point < points; point++) {
      const size = Math.abs(values[point] as number);
      if (size > peak) peak = size;
    }
    const enough = LARGEST_REST * peak;
    if (least <= enough) return least;
    let free = -1;
    const tried = current;
    for (let key = 0; key < keyCount; key++) {
      const usedBy = keyUsedBy[key] as number;
      // Overwritten only when no slot that is held, the one just leaving aside, was coded with it.
      if (usedBy === -1 || usedBy <= slot - capacity) {
        if (free === -1 || usedBy < (keyUsedBy[free] as number)) free = key;
      }
      if (usedBy === -1 || key === tried) continue;
      const rest = restPeak(values, key, least);
      if (rest >= least) continue;
      least = rest;
      current = key;
    }
    if (least <= enough || free === -1) return least;
    current = free;
    writeKey(values, free, peak);
    return restPeak(values, free);
  };

  return {
    push(slot, values) {
      const peak = chooseKey(slot, values);
      const place = slot % capacity;
      // In single precision, as it is kept: the codes are made for exactly the step they are read with.
      const step = Math.fround(peak / (REST_FULL_SCALE - 0.5));
      const perStep = step > 0 ? 1 / step : 0;
      const keyStep = keySteps[current] as number;
      writeRest(values, points, keyCodes, current * points, keyStep, restCodes, place * points, perStep);
      restSteps[place] = step;
      keyOf[place] = current;
      keyUsedBy[current] = slot;
    },
    add(slot, weight, target) {
      const place = slot % capacity;
      const key = keyOf[place] as number;
      const keyScale = weight * (keySteps[key] as number);
      const restScale = weight * (restSteps[place] as number);
      addWave(target, points, keyCodes, key * points, keyScale, restCodes, place * points, restScale);
    },
    clear() {
      keyUsedBy.fill(-1);
    },
  };
}

/** Points between two looks at the limit. */
const LOOK_POINTS = 16;

// Once per cycle or more often, so all arrays are arguments: they are in registers then.

/** Even and odd points apart: neither waits for the other. */
function peakOfRest(
  values: Float64Array,
  points: number,
  keyCodes: Int16Array,
  offset: number,
  step: number,
  limit: number,
): number {
  let even = 0;
  let odd = 0;
  let point = 0;
  while (point + 1 < points && even < limit && odd < limit) {
    const end = Math.min(points - 1, point + LOOK_POINTS);
    for (; point < end; point += 2) {
      const one = Math.abs((values[point] as number) - (keyCodes[offset + point] as number) * step);
      const other = Math.abs((values[point + 1] as number) - (keyCodes[offset + point + 1] as number) * step);
      if (one > even) even = one;
      if (other > odd) odd = other;
    }
  }
  if (point === points - 1) {
    const last = Math.abs((values[point] as number) - (keyCodes[offset + point] as number) * step);
    if (last > even) even = last;
  }
  return even > odd ? even : odd;
}

function writeRest(
  values: Float64Array,
  points: number,
  keyCodes: Int16Array,
  keyAt: number,
  keyStep: number,
  restCodes: Int8Array,
  at: number,
  perStep: number,
): void {
  for (let point = 0; point < points; point++) {
    const rest = (values[point] as number) - (keyCodes[keyAt + point] as number) * keyStep;
    restCodes[at + point] = ((rest * perStep + REST_FULL_SCALE + 0.5) | 0) - REST_FULL_SCALE;
  }
}

function addWave(
  target: Float64Array,
  points: number,
  keyCodes: Int16Array,
  keyAt: number,
  keyScale: number,
  restCodes: Int8Array,
  at: number,
  restScale: number,
): void {
  for (let point = 0; point < points; point++) {
    target[point] =
      (target[point] as number) +
      ((keyCodes[keyAt + point] as number) * keyScale + (restCodes[at + point] as number) * restScale);
  }
}
