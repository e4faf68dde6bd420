import type { RandomStream } from '../random/random-stream.ts';
import { requireWithin } from '../require-within.ts';
import type { Behaviour, LoadSite } from './behaviour.ts';
import { buildAppliance } from './build/build-appliance.ts';
import { buildBrushMotor } from './build/build-brush-motor.ts';
import { buildCharger } from './build/build-charger.ts';
import { buildDimmer } from './build/build-dimmer.ts';
import { buildInductionHob } from './build/build-induction-hob.ts';
import { buildCapacitiveDropper, buildElectronicTransformer, buildFluorescent } from './build/build-lamp.ts';
import { buildMicrowave } from './build/build-microwave.ts';
import { buildCompressor, buildMotor } from './build/build-motor.ts';
import { buildPfcSupply } from './build/build-pfc-supply.ts';
import { buildRectifier } from './build/build-rectifier.ts';
import { buildResistive } from './build/build-resistive.ts';
import { ElementCore, ElementPort } from './element-port.ts';
import type { LoadPhysics, LoadSpec } from './load-spec.ts';
import type { Load, Tick } from './load.ts';
import { ParallelElements } from './parallel-elements.ts';

export { type LoadSite } from './behaviour.ts';

/** Builds a load. Throws RangeError naming the load, the field, its value and the range expected. */
export function createLoad(spec: LoadSpec, site: LoadSite, random: RandomStream): Load {
  const behaviour = build(spec, site, random, `load ${spec.id}: `);
  const element = behaviour.element instanceof ElementCore ? behaviour.element.port : behaviour.element;
  const leakageMa = spec.leakageMa ?? behaviour.defaultLeakageMa;
  let isOn = false;
  let closedAt: Tick = { waveMs: 0, courseMs: 0 };
  const update = (at: Tick): void => {
    if (!isOn) return;
    behaviour.update({
      waveMs: at.waveMs - closedAt.waveMs,
      courseMs: at.courseMs - closedAt.courseMs,
      nowMs: at.waveMs,
      nowCourseMs: at.courseMs,
    });
  };
  return {
    id: spec.id,
    element,
    earthF: leakageMa / 1000 / (2 * Math.PI * site.mainsHz * site.nominalV),
    get isOn() {
      return isOn;
    },
    switchOn(at, isSettled) {
      isOn = true;
      // A settled charger was plugged in just before the start: its course of hours lies ahead.
      closedAt = isSettled ? { waveMs: -Infinity, courseMs: at.courseMs } : at;
      behaviour.close(isSettled);
      if (element instanceof ElementPort && element.core instanceof ParallelElements) element.core.wake();
      update(at);
    },
    switchOff() {
      isOn = false;
      behaviour.element.open();
    },
    update,
  };
}

function build(spec: LoadPhysics, site: LoadSite, random: RandomStream, place: string): Behaviour {
  requireWithin(`${place}powerW`, spec.powerW, 0.1, 1e5);
  switch (spec.kind) {
    case 'resistive':
      return buildResistive(spec, site, random);
    case 'motor':
      return buildMotor(spec, site);
    case 'compressor':
      return buildCompressor(spec, site);
    case 'universalMotor':
      return buildBrushMotor(spec, site, random);
    case 'rectifier':
      return buildRectifier(spec, site, random);
    case 'pfcSupply':
      return buildPfcSupply(spec, site, random);
    case 'dimmer':
      return buildDimmer(spec, site, random);
    case 'fluorescent':
      return buildFluorescent(spec, site);
    case 'electronicTransformer':
      return buildElectronicTransformer(spec, site, random);
    case 'capacitiveDropper':
      return buildCapacitiveDropper(spec, site);
    case 'inductionHob':
      return buildInductionHob(spec, site, random);
    case 'microwave':
      return buildMicrowave(spec, site, random);
    case 'eBikeCharger':
    case 'charger':
      return buildCharger(spec, site, random);
    case 'appliance':
      return buildAppliance(spec, random, (part, stream) => build(part, site, stream, `${place}part `));
  }
}
