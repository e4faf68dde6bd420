import type { RandomStream } from '../../random/random-stream.ts';
import { requireWithin } from '../../require-within.ts';
import type { MicrowaveSpec } from '../appliance-spec.ts';
import type { Behaviour, LoadSite } from '../behaviour.ts';
import { ClampedSeries } from '../clamped-series.ts';
import { DutyCycle } from '../duty-cycle.ts';
import { doublerFor } from '../half-wave-doubler.ts';
import { ParallelElements } from '../parallel-elements.ts';
import { Resistor } from '../resistor.ts';
import { SaturableCoil } from '../saturable-coil.ts';

/** The cathode's heater, fed by the same transformer. */
const CATHODE_W = 40;

export function buildMicrowave(spec: MicrowaveSpec, site: LoadSite, random: RandomStream): Behaviour {
  const { warmUpMs = 2300, auxiliaryW = 45, magnetisingRatio = 0.1, saturation = 0.4 } = spec;
  const { thresholdRatio = 1.45, slopeRatio = 0.25, resonanceRatio = 1.4 } = spec;
  requireWithin('microwave: powerW', spec.powerW, 300, 3000);
  requireWithin('microwave: warmUpMs', warmUpMs, 0, 10_000);
  requireWithin('microwave: auxiliaryW', auxiliaryW, 5, 200);
  requireWithin('microwave: thresholdRatio', thresholdRatio, 1.2, 1.6);
  requireWithin('microwave: slopeRatio', slopeRatio, 0.02, 1);
  requireWithin('microwave: resonanceRatio', resonanceRatio, 0.9, 1.8);
  requireWithin('microwave: magnetisingRatio', magnetisingRatio, 0.02, 0.6);
  requireWithin('microwave: saturation', saturation, 0, 2);
  const duty = spec.duty === undefined ? undefined : new DutyCycle('microwave', spec.duty, random);
  const { nominalV, mainsHz, stepS } = site;
  const square = nominalV ** 2;
  const cookingW = spec.powerW - auxiliaryW - CATHODE_W;
  const parts = doublerFor(cookingW, { thresholdRatio, slopeRatio, resonanceRatio }, site);
  // Without emission the magnetron blocks whatever the voltage.
  const doubler = new ClampedSeries(stepS, { ...parts, reverseV: Infinity });
  const angular = 2 * Math.PI * mainsHz;
  const magnetisingReactance = (nominalV ** 2 / (magnetisingRatio * spec.powerW)) * (1 + 0.625 * saturation);
  const core = new SaturableCoil(stepS, {
    ohm: (0.01 * square) / spec.powerW,
    henry: magnetisingReactance / angular,
    saturation,
    ratedFlux: (Math.SQRT2 * nominalV) / angular,
  });
  const cathode = new Resistor(CATHODE_W / square);
  const auxiliary = new Resistor(auxiliaryW / square);
  let isPowered = false;
  let poweredMs = 0;
  const power = (isOn: boolean, atMs: number): void => {
    isPowered = isOn;
    poweredMs = atMs;
    for (const part of [doubler, core, cathode]) {
      if (isOn) part.close();
      else part.open();
    }
  };
  return {
    element: new ParallelElements([doubler, core, cathode, auxiliary]).port,
    defaultLeakageMa: 0.4,
    close(isSettled) {
      auxiliary.close();
      duty?.begin(isSettled);
      power(duty?.isOn(0) ?? true, isSettled ? -Infinity : 0);
    },
    update({ waveMs, courseMs }) {
      const isOn = duty?.isOn(courseMs) ?? true;
      if (isOn !== isPowered) power(isOn, waveMs === Infinity ? 0 : waveMs);
      const heatedMs = poweredMs === -Infinity || waveMs === Infinity ? Infinity : waveMs - poweredMs;
      // Emission comes up over a few cycles.
      const cold = heatedMs < warmUpMs ? Infinity : 1 + 0.25 * Math.exp(-(heatedMs - warmUpMs) / 60);
      doubler.reverseV = parts.reverseV * cold;
    },
  };
}
