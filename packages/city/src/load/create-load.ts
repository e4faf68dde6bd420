import type { RandomStream } from '../random/random-stream.ts';
import { requireWithin } from '../require-within.ts';
import { chargePowerW } from './charge-course.ts';
import { Dimmer } from './dimmer.ts';
import type { DimmerSpec, LoadSpec, MotorSpec, RectifierSpec, ResistiveSpec } from './load-spec.ts';
import type { Element, Load, Resistor, Tick } from './load.ts';
import { Rectifier } from './rectifier.ts';
import { SeriesRl } from './series-rl.ts';

/** What a load must know of the board it hangs on. */
export type LoadSite = { readonly nominalV: number; readonly mainsHz: number; readonly stepS: number };

/** An element with the way its parameters move. */
type Behaviour = {
  readonly element: Element;
  readonly defaultLeakageMa: number;
  close(isSettled: boolean): void;
  /** Milliseconds since the contact closed; Infinity when it closed long since. */
  update(waveMs: number, courseMs: number): void;
};

/** Builds a load. Throws RangeError naming the load, the field, its value and the range expected. */
export function createLoad(spec: LoadSpec, site: LoadSite, random: RandomStream): Load {
  requireWithin(`load ${spec.id}: powerW`, spec.powerW, 0.1, 1e5);
  const behaviour = behaviourOf(spec, site, random);
  const leakageMa = spec.leakageMa ?? behaviour.defaultLeakageMa;
  let isOn = false;
  let closedAt: Tick = { waveMs: 0, courseMs: 0 };
  const update = (at: Tick): void => {
    if (isOn) behaviour.update(at.waveMs - closedAt.waveMs, at.courseMs - closedAt.courseMs);
  };
  return {
    id: spec.id,
    element: behaviour.element,
    earthF: leakageMa / 1000 / (2 * Math.PI * site.mainsHz * site.nominalV),
    get isOn() {
      return isOn;
    },
    switchOn(at, isSettled) {
      isOn = true;
      // A settled charger was plugged in just before the start: its course of hours lies ahead.
      closedAt = isSettled ? { waveMs: -Infinity, courseMs: at.courseMs } : at;
      behaviour.close(isSettled);
      update(at);
    },
    switchOff() {
      isOn = false;
      behaviour.element.element.isOpening = true;
    },
    update,
  };
}

function behaviourOf(spec: LoadSpec, site: LoadSite, random: RandomStream): Behaviour {
  switch (spec.kind) {
    case 'resistive':
      return resistive(spec, site);
    case 'motor':
      return motor(spec, site);
    case 'rectifier':
      return rectifier(spec, site, () => spec.powerW);
    case 'dimmer':
      return dimmer(spec, site, random);
    case 'eBikeCharger':
      requireWithin(`load ${spec.id}: powerW`, spec.powerW, 60, 600);
      return rectifier({ kind: 'rectifier', powerW: spec.powerW }, site, (courseMs) => chargePowerW(spec, courseMs));
  }
}

function resistive(spec: ResistiveSpec, site: LoadSite): Behaviour {
  const { coldResistanceRatio = 1, warmUpMs = 1500 } = spec;
  requireWithin('resistive load: coldResistanceRatio', coldResistanceRatio, 0.01, 1);
  const hotConductance = spec.powerW / site.nominalV ** 2;
  const element: Resistor = { isActive: false, isOpening: false, conductance: hotConductance };
  return {
    element: { kind: 'resistor', element },
    defaultLeakageMa: 0.2,
    close() {
      element.isActive = true;
      element.isOpening = false;
    },
    update(waveMs) {
      element.conductance = hotConductance / runUp(coldResistanceRatio, waveMs, warmUpMs);
    },
  };
}

function motor(spec: MotorSpec, site: LoadSite): Behaviour {
  const { startResistanceRatio = 0.18, startReactanceRatio = 0.35, runUpMs = 250 } = spec;
  requireWithin('motor: powerFactor', spec.powerFactor, 0.2, 0.98);
  requireWithin('motor: startResistanceRatio', startResistanceRatio, 0.01, 1);
  requireWithin('motor: startReactanceRatio', startReactanceRatio, 0.01, 1);
  const impedance = (site.nominalV ** 2 * spec.powerFactor) / spec.powerW;
  const ohm = impedance * spec.powerFactor;
  const henry = (impedance * Math.sqrt(1 - spec.powerFactor ** 2)) / (2 * Math.PI * site.mainsHz);
  const element = new SeriesRl(site.stepS);
  return {
    element: { kind: 'seriesRl', element },
    defaultLeakageMa: 0.3,
    close: () => element.close(),
    update(waveMs) {
      element.setImpedance(
        ohm * runUp(startResistanceRatio, waveMs, runUpMs),
        henry * runUp(startReactanceRatio, waveMs, runUpMs),
      );
    },
  };
}

function rectifier(spec: RectifierSpec, site: LoadSite, powerAtW: (courseMs: number) => number): Behaviour {
  const { capacitanceUfPerW = 1.2, seriesOhm = Math.min(40, 0.8 + 220 / spec.powerW), seriesH = 0.4e-3 } = spec;
  const { coldSeriesOhm = seriesOhm + 6, softStartMs = 400 } = spec;
  requireWithin('rectifier: capacitanceUfPerW', capacitanceUfPerW, 0.05, 50);
  requireWithin('rectifier: seriesOhm', seriesOhm, 0.01, 1000);
  requireWithin('rectifier: seriesH', seriesH, 0, 1);
  requireWithin('rectifier: coldSeriesOhm', coldSeriesOhm, seriesOhm, 1000);
  const element = new Rectifier(site.stepS, capacitanceUfPerW * spec.powerW * 1e-6, seriesH);
  const startV = 0.6 * Math.SQRT2 * site.nominalV;
  let startedMs: number | undefined;
  return {
    element: { kind: 'rectifier', element },
    defaultLeakageMa: 0.35,
    close(isSettled) {
      element.close(isSettled ? 0.93 * Math.SQRT2 * site.nominalV : 0);
      startedMs = isSettled ? -Infinity : undefined;
    },
    update(waveMs, courseMs) {
      element.setSeriesOhm(seriesOhm + (coldSeriesOhm - seriesOhm) * (1 - runUp(0, waveMs, 800)));
      // Under-voltage lock-out: the converter starts once its capacitor is charged and stops when it sags.
      if (element.capacitorV < startV) startedMs = undefined;
      else startedMs ??= waveMs === Infinity ? -Infinity : waveMs;
      const rampMs = startedMs === undefined ? 0 : startedMs === -Infinity ? softStartMs : waveMs - startedMs;
      element.powerW = powerAtW(courseMs) * Math.min(1, rampMs / softStartMs);
    },
  };
}

function dimmer(spec: DimmerSpec, site: LoadSite, random: RandomStream): Behaviour {
  requireWithin('dimmer: firingAngleDeg', spec.firingAngleDeg, 1, 170);
  const element = new Dimmer(spec.powerW / site.nominalV ** 2, spec.firingAngleDeg, site.mainsHz, random);
  return {
    element: { kind: 'dimmer', element },
    defaultLeakageMa: 0.2,
    close: () => element.close(),
    update() {
      // Nothing of a dimmer moves slowly.
    },
  };
}

/** From `start` at 0 towards 1 with the time constant given. */
function runUp(start: number, elapsedMs: number, tauMs: number): number {
  return start + (1 - start) * -Math.expm1(-elapsedMs / tauMs);
}
