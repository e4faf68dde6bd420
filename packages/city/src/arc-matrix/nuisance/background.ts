import type { LoadPhysics } from '../../load/load-spec.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Stage } from '../stage.ts';

/** A steady load of one of the four plain families. */
export function plainLoad(random: RandomStream): LoadPhysics {
  const powerFactor = random.between(0.55, 0.9);
  return random.pick<LoadPhysics>([
    { kind: 'resistive', powerW: logUniform(random, 100, 3000) },
    { kind: 'rectifier', powerW: logUniform(random, 20, 400) },
    { kind: 'motor', powerW: logUniform(random, 60, 900), powerFactor },
    { kind: 'dimmer', powerW: logUniform(random, 100, 800), firingAngleDeg: random.between(20, 140) },
  ]);
}

/** Nothing (half of the time), one or two steady loads beside what the episode is about. */
export function addBackground(stage: Stage): void {
  const random = stage.stream('background');
  const count = random.pick([0, 0, 1, 2]);
  for (let n = 0; n < count; n++) addSteady(stage, `background${n}`, plainLoad(random));
}

/** A load that is on since long ago. */
export function addSteady(stage: Stage, id: string, physics: LoadPhysics): void {
  const load = stage.load({ id, ...physics });
  stage.startOn(load);
  stage.wire(load.element);
}

/** Uniform in the logarithm: powers spread over decades. */
export function logUniform(random: RandomStream, low: number, high: number): number {
  return Math.exp(random.between(Math.log(low), Math.log(high)));
}
