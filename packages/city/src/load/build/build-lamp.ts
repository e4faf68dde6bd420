import type { RandomStream } from '../../random/random-stream.ts';
import { requireWithin } from '../../require-within.ts';
import type { CapacitiveDropperSpec, ElectronicTransformerSpec, FluorescentSpec } from '../appliance-spec.ts';
import { ArcLamp } from '../arc-lamp.ts';
import { runUp, type Behaviour, type LoadSite } from '../behaviour.ts';
import { ClampedSeries } from '../clamped-series.ts';
import { EnvelopeLoad } from '../envelope-load.ts';
import { ParallelElements } from '../parallel-elements.ts';
import { SeriesRc } from '../series-rc.ts';
import { sinePowerShare } from '../sine-power-share.ts';

/** A magnetic ballast wastes about this share of what lamp and ballast take together. */
const BALLAST_LOSS = 0.17;
/** Power of a Cassie arc fed by a choke over Uc times the rms current: u is nearly square, i nearly sine. */
const LAMP_POWER_FACTOR = 0.92;
/** Re-ignition in each half-wave holds the current back as a ballast larger by this would. */
const REIGNITION_RATIO = 1.13;

export function buildFluorescent(spec: FluorescentSpec, site: LoadSite): Behaviour {
  const { lampV = 103, tauUs = 500, preheatMs = 900, compensation = 0 } = spec;
  // A choke cannot drive a lamp whose voltage comes near that of the mains.
  requireWithin('fluorescent: lampV', lampV, 40, Math.min(140, 0.65 * site.nominalV));
  requireWithin('fluorescent: tauUs', tauUs, 200, 1500);
  requireWithin('fluorescent: preheatMs', preheatMs, 0, 5000);
  requireWithin('fluorescent: compensation', compensation, 0, 1.1);
  const { nominalV, mainsHz, stepS } = site;
  const angular = 2 * Math.PI * mainsHz;
  const ratedA = ((1 - BALLAST_LOSS) * spec.powerW) / (LAMP_POWER_FACTOR * lampV);
  const ohm = (BALLAST_LOSS * spec.powerW) / ratedA ** 2;
  const inPhaseV = LAMP_POWER_FACTOR * lampV + ohm * ratedA;
  const reactance = Math.sqrt(nominalV ** 2 - inPhaseV ** 2) / ratedA / REIGNITION_RATIO;
  const lamp = new ArcLamp(stepS, { henry: reactance / angular, ohm, arcV: lampV, tauS: tauUs * 1e-6, ratedA });
  const reactiveVar = reactance * ratedA ** 2;
  const farad = (compensation * reactiveVar) / (angular * nominalV ** 2);
  const capacitor = compensation > 0 ? new SeriesRc(stepS, 2, farad) : undefined;
  return {
    element: capacitor === undefined ? lamp : new ParallelElements([lamp, capacitor]).port,
    defaultLeakageMa: 0.1,
    close() {
      lamp.close();
      capacitor?.close();
    },
    update({ waveMs }) {
      lamp.isPreheating = waveMs < preheatMs;
    },
  };
}

export function buildElectronicTransformer(
  spec: ElectronicTransformerSpec,
  site: LoadSite,
  random: RandomStream,
): Behaviour {
  const { startV = 32, coldResistanceRatio = 0.12, warmUpMs = 60, noiseRatio = 0.02 } = spec;
  requireWithin('electronicTransformer: startV', startV, 5, 120);
  requireWithin('electronicTransformer: coldResistanceRatio', coldResistanceRatio, 0.01, 1);
  requireWithin('electronicTransformer: warmUpMs', warmUpMs, 1, 1e6);
  requireWithin('electronicTransformer: noiseRatio', noiseRatio, 0, 0.3);
  const shape = { startV, stopV: startV / 3, noiseRatio };
  const element = new EnvelopeLoad(shape, random);
  const full = spec.powerW / (site.nominalV ** 2 * sinePowerShare(Math.SQRT2 * site.nominalV, shape));
  return {
    element,
    defaultLeakageMa: 0.2,
    close: () => element.close(),
    update({ waveMs }) {
      element.fullConductance = full / runUp(coldResistanceRatio, waveMs, warmUpMs);
    },
  };
}

export function buildCapacitiveDropper(spec: CapacitiveDropperSpec, site: LoadSite): Behaviour {
  const { stringV = 90, seriesOhm = 220 } = spec;
  requireWithin('capacitiveDropper: powerW', spec.powerW, 0.5, 40);
  requireWithin('capacitiveDropper: stringV', stringV, 20, Math.min(250, 1.25 * site.nominalV));
  requireWithin('capacitiveDropper: seriesOhm', seriesOhm, 1, 2000);
  const peakV = Math.SQRT2 * site.nominalV;
  // The resistor's share first: rms current is about 1.15 times the mean of a current clipped like this.
  const lossPerSquare = (seriesOhm * 1.15 ** 2) / stringV ** 2;
  const stringW = (Math.sqrt(1 + 4 * lossPerSquare * spec.powerW) - 1) / (2 * lossPerSquare);
  // Each half-cycle moves the charge 2 C (Vpeak − V) through the string.
  const farad = stringW / (4 * site.mainsHz * stringV * (peakV - stringV));
  const element = new ClampedSeries(site.stepS, {
    ohm: seriesOhm,
    henry: 0,
    farad,
    forwardV: stringV,
    reverseV: stringV,
  });
  return {
    element,
    defaultLeakageMa: 0.05,
    close: () => element.close(),
    update() {
      // Nothing of a dropper moves slowly.
    },
  };
}
