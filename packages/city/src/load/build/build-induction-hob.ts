import type { RandomStream } from '../../random/random-stream.ts';
import { requireWithin } from '../../require-within.ts';
import type { InductionHobSpec } from '../appliance-spec.ts';
import type { Behaviour, LoadSite } from '../behaviour.ts';
import { EnvelopeLoad } from '../envelope-load.ts';
import { ParallelElements } from '../parallel-elements.ts';
import { Rectifier } from '../rectifier.ts';
import { SeriesRc } from '../series-rc.ts';
import { sinePowerShare } from '../sine-power-share.ts';

/** While it looks for a pan: short pulses at this rhythm and share of the power. */
const PROBE = { periodMs: 500, onMs: 60, powerRatio: 0.3 };

export function buildInductionHob(spec: InductionHobSpec, site: LoadSite, random: RandomStream): Behaviour {
  const {
    pulse,
    filterUf = 4,
    cuspV = 6,
    gapV = 20,
    standbyW = 12,
    probeMs = 1500,
    rampMs = 40,
    noiseRatio = 0.01,
  } = spec;
  requireWithin('inductionHob: filterUf', filterUf, 0.1, 30);
  requireWithin('inductionHob: cuspV', cuspV, 0.1, 100);
  requireWithin('inductionHob: gapV', gapV, 1, 100);
  requireWithin('inductionHob: standbyW', standbyW, 0.5, 60);
  requireWithin('inductionHob: probeMs', probeMs, 0, 10_000);
  requireWithin('inductionHob: rampMs', rampMs, 0, 2000);
  requireWithin('inductionHob: noiseRatio', noiseRatio, 0, 0.3);
  if (pulse !== undefined) {
    requireWithin('inductionHob: pulse.periodMs', pulse.periodMs, 200, 10_000);
    requireWithin('inductionHob: pulse.dutyRatio', pulse.dutyRatio, 0.05, 0.95);
  }
  const shape = { cuspV, noiseRatio, startV: gapV, stopV: 0.7 * gapV };
  const inverter = new EnvelopeLoad(shape, random);
  const panel = new Rectifier(site.stepS, 2e-6 * standbyW, 0.3e-3);
  panel.setSeriesOhm(20);
  panel.powerW = standbyW;
  const filter = new SeriesRc(site.stepS, 0.5, filterUf * 1e-6);
  const full = spec.powerW / (site.nominalV ** 2 * sinePowerShare(Math.SQRT2 * site.nominalV, shape));
  const phaseMs = random.between(0, pulse?.periodMs ?? 1);
  return {
    element: new ParallelElements([inverter, panel, filter]).port,
    defaultLeakageMa: 0.4,
    close(isSettled) {
      inverter.close();
      panel.close(isSettled ? 0.93 * Math.SQRT2 * site.nominalV : 0);
      filter.close();
    },
    update({ waveMs, nowMs }) {
      inverter.fullConductance = full * powerRatio(waveMs, nowMs);
    },
  };

  function powerRatio(waveMs: number, nowMs: number): number {
    if (waveMs < probeMs) return waveMs % PROBE.periodMs < PROBE.onMs ? PROBE.powerRatio : 0;
    if (pulse === undefined) return rise(waveMs - probeMs);
    const intoMs = (((nowMs + phaseMs) % pulse.periodMs) + pulse.periodMs) % pulse.periodMs;
    return intoMs < pulse.dutyRatio * pulse.periodMs ? rise(intoMs) : 0;
  }

  /** The inverter begins at a high frequency and comes down. */
  function rise(sinceMs: number): number {
    return rampMs === 0 ? 1 : Math.min(1, 0.25 + (0.75 * sinceMs) / rampMs);
  }
}
