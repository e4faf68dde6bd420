import type { RandomStream } from '../../random/random-stream.ts';
import { requireWithin } from '../../require-within.ts';
import { angleCourse } from '../angle-course.ts';
import { runUp, type Behaviour, type LoadSite } from '../behaviour.ts';
import { Dimmer } from '../dimmer.ts';
import type { DimmerSpec } from '../load-spec.ts';
import { TrailingDimmer } from '../trailing-dimmer.ts';

export function buildDimmer(spec: DimmerSpec, site: LoadSite, random: RandomStream): Behaviour {
  const { coldResistanceRatio = 1, warmUpMs = 60 } = spec;
  requireWithin('dimmer: firingAngleDeg', spec.firingAngleDeg, 1, 170);
  requireWithin('dimmer: coldResistanceRatio', coldResistanceRatio, 0.01, 1);
  requireWithin('dimmer: warmUpMs', warmUpMs, 1, 1e6);
  const angleDegAt = angleCourse('dimmer', spec.firingAngleDeg, spec.turns);
  const fullConductance = spec.powerW / site.nominalV ** 2;
  const leading = new Dimmer(fullConductance, spec.firingAngleDeg, site.mainsHz, random);
  const trailing = new TrailingDimmer(site.mainsHz, random);
  const element = spec.edge === 'trailing' ? trailing : leading;
  return {
    element,
    defaultLeakageMa: 0.2,
    close() {
      trailing.cutDeg = spec.firingAngleDeg;
      element.close();
    },
    update({ waveMs, nowCourseMs }) {
      const conductance = fullConductance / runUp(coldResistanceRatio, waveMs, warmUpMs);
      const angleDeg = angleDegAt(nowCourseMs);
      leading.fullConductance = conductance;
      leading.firingAngleDeg = angleDeg;
      trailing.fullConductance = conductance;
      trailing.cutDeg = angleDeg;
    },
  };
}
