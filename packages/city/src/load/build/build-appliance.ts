import type { RandomStream } from '../../random/random-stream.ts';
import { requireWithin } from '../../require-within.ts';
import type { Behaviour } from '../behaviour.ts';
import type { ApplianceSpec, LoadPhysics } from '../load-spec.ts';
import { ParallelElements } from '../parallel-elements.ts';

/** `buildPart` builds one part; all parts draw from the stream of the appliance, in their order. */
export function buildAppliance(
  spec: ApplianceSpec,
  random: RandomStream,
  buildPart: (part: LoadPhysics, random: RandomStream) => Behaviour,
): Behaviour {
  requireWithin('appliance: parts count', spec.parts.length, 1, 8);
  const parts = spec.parts.map((part) => {
    if (part.kind === 'appliance') throw new RangeError('appliance: a part is an appliance, expected a single device');
    return buildPart(part, random);
  });
  return {
    element: new ParallelElements(parts.map(({ element }) => element)).port,
    defaultLeakageMa: parts.reduce((sum, { defaultLeakageMa }) => sum + defaultLeakageMa, 0),
    close: (isSettled) => {
      for (const part of parts) part.close(isSettled);
    },
    update: (clock) => {
      for (const part of parts) part.update(clock);
    },
  };
}
