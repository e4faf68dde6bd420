import type { RandomStream } from '../../random/random-stream.ts';
import { requireWithin } from '../../require-within.ts';
import { angleCourse } from '../angle-course.ts';
import type { BrushMotorSpec } from '../appliance-spec.ts';
import { runUp, type Behaviour, type LoadSite } from '../behaviour.ts';
import { BrushMotor, FIELD_SHARE } from '../brush-motor.ts';
import { saturatedShare } from '../saturated-share.ts';

const BAR_COUNT = 24;

export function buildBrushMotor(spec: BrushMotorSpec, site: LoadSite, random: RandomStream): Behaviour {
  const { powerFactor = 0.97, saturation = 1, brushNoiseRatio = 0.05, commutationHz = 9000 } = spec;
  const { windingRatio = 0.15, runUpMs = 350, firingAngleDeg = 0 } = spec;
  requireWithin('universalMotor: powerFactor', powerFactor, 0.7, 0.999);
  requireWithin('universalMotor: saturation', saturation, 0, 6);
  requireWithin('universalMotor: brushNoiseRatio', brushNoiseRatio, 0, 0.5);
  requireWithin('universalMotor: commutationHz', commutationHz, 500, 20_000);
  requireWithin('universalMotor: windingRatio', windingRatio, 0.03, 0.8);
  requireWithin('universalMotor: runUpMs', runUpMs, 5, 10_000);
  requireWithin('universalMotor: firingAngleDeg', firingAngleDeg, 0, 150);
  const angleDegAt = angleCourse('universalMotor', firingAngleDeg, spec.turns, 150);
  const resistance = (site.nominalV ** 2 * powerFactor ** 2) / spec.powerW;
  const reactance = resistance * Math.sqrt(1 / powerFactor ** 2 - 1);
  const ohm = windingRatio * resistance;
  const peakA = (Math.SQRT2 * spec.powerW) / (site.nominalV * powerFactor);
  const saturated = saturatedShare(saturation);
  const motor = new BrushMotor(
    site.stepS,
    {
      ohm,
      henry: reactance / (2 * Math.PI * site.mainsHz) / (1 - FIELD_SHARE + FIELD_SHARE * saturated),
      rotationOhm: (resistance - ohm) / saturated,
      saturationA: saturation === 0 ? Infinity : peakA / saturation,
      noiseRatio: brushNoiseRatio,
      commutationHz,
      barCount: BAR_COUNT,
    },
    random,
  );
  return {
    element: motor,
    defaultLeakageMa: 0.3,
    close: () => motor.close(),
    update({ waveMs, nowCourseMs }) {
      motor.speedRatio = waveMs === Infinity ? 1 : runUp(0, waveMs, runUpMs);
      motor.firingAngleDeg = angleDegAt(nowCourseMs);
    },
  };
}
