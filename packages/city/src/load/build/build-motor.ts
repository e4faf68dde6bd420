import { requireWithin } from '../../require-within.ts';
import { runUp, type Behaviour, type LoadSite } from '../behaviour.ts';
import type { CircuitElement } from '../circuit-element.ts';
import type { CompressorSpec } from '../appliance-spec.ts';
import type { AuxiliaryWinding } from '../auxiliary-winding.ts';
import type { MotorSpec } from '../load-spec.ts';
import { ParallelElements } from '../parallel-elements.ts';
import { SaturableCoil } from '../saturable-coil.ts';
import { saturatedShare } from '../saturated-share.ts';
import { SaturatingRl } from '../saturating-rl.ts';
import { SeriesRc } from '../series-rc.ts';
import { SeriesRl } from '../series-rl.ts';

const MINUTE_MS = 60_000;
/** Share of the reactive power that magnetises the iron and so saturates; the rest is leakage. */
const MAGNETISING_SHARE = 0.7;
/** Share of the stray inductance that lies in iron: closed slots and tooth tips. */
const STRAY_IRON_SHARE = 0.8;

export function buildMotor(spec: MotorSpec, site: LoadSite): Behaviour {
  const { startResistanceRatio = 0.18, startReactanceRatio = 0.35, runUpMs = 250 } = spec;
  requireWithin('motor: powerFactor', spec.powerFactor, 0.2, 0.98);
  requireWithin('motor: startResistanceRatio', startResistanceRatio, 0.01, 1);
  requireWithin('motor: startReactanceRatio', startReactanceRatio, 0.01, 1);
  requireWithin('motor: runUpMs', runUpMs, 1, 1e6);
  const motor = inductionMotor('motor', { saturation: 0, straySaturation: 0, capacitorRatio: 0, ...spec }, site);
  return {
    element: motor.element,
    defaultLeakageMa: 0.3,
    close: () => motor.element.close(),
    update({ waveMs }) {
      motor.setRatios(runUp(startResistanceRatio, waveMs, runUpMs), runUp(startReactanceRatio, waveMs, runUpMs));
    },
  };
}

export function buildCompressor(spec: CompressorSpec, site: LoadSite): Behaviour {
  const { powerFactor = 0.8, inrushRatio = 5, startPowerFactor = 0.75, runUpMs = 200 } = spec;
  const { pulsationRatio = 0.05, strokeHz = 48, pullDownRatio = 1.15 } = spec;
  requireWithin('compressor: powerFactor', powerFactor, 0.3, 0.98);
  requireWithin('compressor: inrushRatio', inrushRatio, 1.5, 12);
  requireWithin('compressor: startPowerFactor', startPowerFactor, 0.3, 0.98);
  requireWithin('compressor: runUpMs', runUpMs, 20, 3000);
  requireWithin('compressor: pulsationRatio', pulsationRatio, 0, 0.4);
  requireWithin('compressor: strokeHz', strokeHz, 5, 60);
  requireWithin('compressor: pullDownRatio', pullDownRatio, 0.7, 1.6);
  const plain = { saturation: 0.2, straySaturation: 0, capacitorRatio: 0 };
  const motor = inductionMotor('compressor', { ...plain, ...spec, powerFactor }, site);
  const startResistance = Math.min(1, startPowerFactor / powerFactor / inrushRatio);
  const startSine = Math.sqrt(1 - startPowerFactor ** 2);
  // The locked-rotor current saturates the stray path by itself: what is left to the ratio is the rest.
  const startReactance = Math.min(
    1,
    (startSine / Math.sqrt(1 - powerFactor ** 2) / inrushRatio) *
      (motor.strayShareAt(1) / motor.strayShareAt(inrushRatio)),
  );
  return {
    element: motor.element,
    defaultLeakageMa: 0.3,
    close: () => motor.element.close(),
    update({ waveMs, courseMs, nowMs }) {
      // The current of a locked rotor stays until it breaks away, then falls within a few tens of milliseconds.
      const speed = waveMs === Infinity ? 1 : 1 - 1 / (1 + (waveMs / runUpMs) ** 6);
      const age = waveMs === Infinity ? 0 : Math.exp(-courseMs / MINUTE_MS);
      const stroke = speed * pulsationRatio * Math.sin((2 * Math.PI * strokeHz * nowMs) / 1000);
      const load = 1 / ((1 + (pullDownRatio - 1) * age) * (1 + stroke));
      motor.setRatios(
        (startResistance + (1 - startResistance) * speed) * load,
        startReactance + (1 - startReactance) * speed,
      );
    },
  };
}

type MotorParts = {
  readonly powerW: number;
  readonly powerFactor: number;
  readonly saturation: number;
  readonly straySaturation: number;
  readonly capacitorRatio: number;
  readonly auxiliary?: AuxiliaryWinding;
};

type InductionMotor = {
  readonly element: CircuitElement;
  /** Of the running values. */
  setRatios(resistance: number, reactance: number): void;
  /** What saturation leaves of the stray inductance at a current, over the unsaturated one. */
  strayShareAt(currentRatio: number): number;
};

/** R and L in series, beside it the magnetising iron when it saturates, and the run capacitor with its winding. */
function inductionMotor(
  place: string,
  { powerW, powerFactor, saturation, straySaturation, capacitorRatio, auxiliary }: MotorParts,
  { nominalV, mainsHz, stepS }: LoadSite,
): InductionMotor {
  requireWithin(`${place}: saturation`, saturation, 0, 2);
  requireWithin(`${place}: straySaturation`, straySaturation, 0, 6);
  requireWithin(`${place}: capacitorRatio`, capacitorRatio, 0, 2);
  const angular = 2 * Math.PI * mainsHz;
  const reactiveVar = (powerW * Math.sqrt(1 - powerFactor ** 2)) / powerFactor;
  const magnetisingVar = saturation > 0 ? MAGNETISING_SHARE * reactiveVar : 0;
  const leakageVar = reactiveVar - magnetisingVar;
  const elements: CircuitElement[] = [];
  let lossW = 0;
  if (magnetisingVar > 0) {
    // h1 of the saturating current is 1 + 0.625 s times its linear part.
    const reactance = (nominalV ** 2 / magnetisingVar) * (1 + 0.625 * saturation);
    const parts = { ohm: 0.02 * reactance, henry: reactance / angular, saturation };
    elements.push(new SaturableCoil(stepS, { ...parts, ratedFlux: (Math.SQRT2 * nominalV) / angular }));
    lossW += 0.02 * magnetisingVar;
  }
  if (capacitorRatio > 0) {
    const capacitorVar = capacitorRatio * powerW;
    if (auxiliary === undefined) {
      const reactance = nominalV ** 2 / capacitorVar;
      // The auxiliary winding damps what harmonics of the voltage would drive through the capacitor.
      elements.push(new SeriesRc(stepS, 0.15 * reactance, 1 / (angular * reactance)));
      lossW += 0.15 * capacitorVar;
    } else {
      const { powerShare, resonanceRatio } = auxiliary;
      requireWithin(`${place}: auxiliary.powerShare`, powerShare, 0.02, 0.6);
      requireWithin(`${place}: auxiliary.resonanceRatio`, resonanceRatio, 1.1, 5);
      const activeW = powerShare * powerW;
      const apparent = activeW ** 2 + capacitorVar ** 2;
      // Of the reactance that is left at the mains frequency, the winding takes back a part of the capacitor's.
      const netReactance = (nominalV ** 2 * capacitorVar) / apparent;
      const windingReactance = netReactance / (resonanceRatio ** 2 - 1);
      const farad = 1 / (angular * (netReactance + windingReactance));
      const windingPeakA = (Math.SQRT2 * Math.sqrt(apparent)) / nominalV;
      const saturationA = straySaturation > 0 ? windingPeakA / straySaturation : Infinity;
      const winding = new SaturatingRl(stepS, { share: STRAY_IRON_SHARE, saturationA, farad });
      const strayShare = 1 - STRAY_IRON_SHARE + STRAY_IRON_SHARE * saturatedShare(straySaturation);
      winding.setImpedance((nominalV ** 2 * activeW) / apparent, windingReactance / angular / strayShare);
      elements.push(winding);
      lossW += activeW;
    }
  }
  const mainW = Math.max(0.3 * powerW, powerW - lossW);
  const apparentSquared = mainW ** 2 + leakageVar ** 2;
  const ohm = (nominalV ** 2 * mainW) / apparentSquared;
  const henry = (nominalV ** 2 * leakageVar) / apparentSquared / angular;
  const peakA = (Math.SQRT2 * Math.sqrt(apparentSquared)) / nominalV;
  const rl =
    straySaturation > 0
      ? new SaturatingRl(stepS, { share: STRAY_IRON_SHARE, saturationA: peakA / straySaturation })
      : new SeriesRl(stepS);
  elements.unshift(rl);
  const strayShareAt = (currentRatio: number): number =>
    1 - STRAY_IRON_SHARE + STRAY_IRON_SHARE * saturatedShare(straySaturation * currentRatio);
  const unsaturatedHenry = henry / strayShareAt(1);
  return {
    element: elements.length === 1 ? rl : new ParallelElements(elements).port,
    setRatios: (resistance, reactance) => rl.setImpedance(ohm * resistance, unsaturatedHenry * reactance),
    strayShareAt,
  };
}
