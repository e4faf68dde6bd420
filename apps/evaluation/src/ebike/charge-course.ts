import { chargePowerW } from '@fengsui/city';
import type { ChargerSpec, RandomStream } from '@fengsui/city';
import type { PowerCourse } from './power-course.ts';

/**
 * A charger's power over its first: the stages of city's charger, the thermistor that warms in the first minute, and the
 * regulation's wander. A battery already nearly full begins in its tail.
 */
export function chargeCourse(random: RandomStream, spec: ChargerSpec): PowerCourse {
  const wander = random.between(0.0003, 0.002);
  const coldRatio = random.between(0, 0.006);
  const firstW = chargePowerW(spec, 0);
  let slow = 0;
  return {
    everyS: 1,
    at(elapsedS) {
      slow = 0.95 * slow + 0.31 * random.normal();
      const stage = chargePowerW(spec, elapsedS * 1000) / firstW;
      return stage * (1 + coldRatio * Math.exp(-elapsedS / 25) + wander * slow);
    },
  };
}
