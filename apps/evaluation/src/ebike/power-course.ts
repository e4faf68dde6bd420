import type { RandomStream } from '@fengsui/city';

/** How a load's power moves while it is on, as a factor on its steady power. */
export type PowerCourse = {
  /** How often it must be asked: every second, or only when something slow moves. */
  readonly everyS: number;
  /** Factor `elapsedS` after switch-on; asked in rising order. */
  readonly at: (elapsedS: number) => number;
};

export const steady: PowerCourse = { everyS: Infinity, at: () => 1 };

/** Wanders around 1: an Ornstein-Uhlenbeck process with scene changes, screens and computers. */
export function wandering(
  random: RandomStream,
  ratio: number,
  correlationS: number,
  scenesPerMinute: number,
): PowerCourse {
  let slow = 0;
  let scene = 0;
  let lastS = 0;
  return {
    everyS: 1,
    at(elapsedS) {
      const stepS = Math.max(1, elapsedS - lastS);
      lastS = elapsedS;
      const keep = Math.exp(-stepS / correlationS);
      slow = keep * slow + Math.sqrt(1 - keep * keep) * random.normal();
      if (random.between(0, 1) < (scenesPerMinute * stepS) / 60) scene = random.normal();
      return Math.max(0.2, 1 + ratio * (0.6 * slow + 0.8 * scene));
    },
  };
}

/** How far a lamp's LEDs make its power fall, and within what time. */
export function drawWarming(random: RandomStream): { readonly fallRatio: number; readonly timeConstantS: number } {
  return { fallRatio: random.between(0.015, 0.06), timeConstantS: random.between(150, 500) };
}

/** What a telephone's charger draws in the end, and within what time its battery fills. */
export function drawFading(random: RandomStream): { readonly restRatio: number; readonly timeConstantS: number } {
  return { restRatio: random.between(0.1, 0.5), timeConstantS: random.between(900, 3600) };
}

/** What a compact fluorescent lamp draws at first: it settles within this time. */
export function drawStriking(random: RandomStream): { readonly firstRatio: number; readonly timeConstantS: number } {
  return { firstRatio: random.between(0.75, 1.05), timeConstantS: 60 };
}

/** Falls as it warms: LEDs lose forward voltage, drivers hold their current. */
export function warmingUp(fallRatio: number, timeConstantS: number): PowerCourse {
  return { everyS: 3, at: (elapsedS) => 1 + fallRatio * (Math.exp(-elapsedS / timeConstantS) - 1) };
}

/** Ramps up to speed and is then adjusted now and then: compressors and pumps on inverters. */
export function inverter(random: RandomStream, rampS: number, ratio: number, adjustS: number): PowerCourse {
  let target = 1;
  let level = 1;
  let nextS = rampS + random.exponential(adjustS);
  let lastS = 0;
  return {
    everyS: 1,
    at(elapsedS) {
      if (elapsedS < rampS) return 0.2 + (0.8 * elapsedS) / rampS;
      const stepS = elapsedS - lastS;
      lastS = elapsedS;
      if (elapsedS >= nextS) {
        target = Math.max(0.3, 1 + ratio * random.normal());
        nextS = elapsedS + random.exponential(adjustS);
      }
      level += (target - level) * Math.min(1, stepS / 15);
      return level * (1 + 0.003 * random.normal());
    },
  };
}

/** On for `onS`, off for `offS`, in turn: thermostats, pulsing hobs, washing drums. */
export function pulsing(random: RandomStream, onS: number, offS: number): PowerCourse {
  let isOn = true;
  let untilS = onS;
  return {
    everyS: 1,
    at(elapsedS) {
      while (elapsedS >= untilS) {
        isOn = !isOn;
        untilS += (isOn ? onS : offS) * random.between(0.8, 1.2);
      }
      // A second in which it switched has a part of both; pulses below a second average to their duty.
      return isOn ? 1 : 0.01;
    },
  };
}

/** Settles from a first power with one time constant: motors, PTC heaters, fridges pulling down. */
export function settling(firstRatio: number, timeConstantS: number): PowerCourse {
  return { everyS: 2, at: (elapsedS) => 1 + (firstRatio - 1) * Math.exp(-elapsedS / timeConstantS) };
}

/** Falls from full power towards a rest: the battery of a telephone fills. */
export function fading(restRatio: number, timeConstantS: number): PowerCourse {
  return { everyS: 2, at: (elapsedS) => restRatio + (1 - restRatio) * Math.exp(-elapsedS / timeConstantS) };
}
