import type { RandomStream } from '../../random/random-stream.ts';
import { requireWithin } from '../../require-within.ts';
import { runUp, type Behaviour, type LoadSite } from '../behaviour.ts';
import { createFluctuation } from '../fluctuation.ts';
import type { RectifierSpec } from '../load-spec.ts';
import { ParallelElements } from '../parallel-elements.ts';
import { Rectifier } from '../rectifier.ts';
import { createSettling } from '../settling.ts';
import { SeriesRc } from '../series-rc.ts';

/** `powerAtW`: power asked of the converter by course time since the contact closed. */
export function buildRectifier(
  spec: RectifierSpec,
  site: LoadSite,
  random: RandomStream,
  powerAtW: (courseMs: number) => number = () => spec.powerW,
): Behaviour {
  const { capacitanceUfPerW = 1.2, seriesOhm = Math.min(40, 0.8 + 220 / spec.powerW), seriesH = 0.4e-3 } = spec;
  const { coldSeriesOhm = seriesOhm + 6, softStartMs = 400, filterUf = 0 } = spec;
  requireWithin('rectifier: capacitanceUfPerW', capacitanceUfPerW, 0.05, 50);
  requireWithin('rectifier: seriesOhm', seriesOhm, 0.01, 1000);
  requireWithin('rectifier: seriesH', seriesH, 0, 1);
  requireWithin('rectifier: coldSeriesOhm', coldSeriesOhm, seriesOhm, 1000);
  requireWithin('rectifier: softStartMs', softStartMs, 1, 1e6);
  requireWithin('rectifier: filterUf', filterUf, 0, 20);
  const fluctuation = createFluctuation('rectifier', spec.fluctuation, random);
  const settling = createSettling('rectifier', spec.settling);
  const rectifier = new Rectifier(site.stepS, capacitanceUfPerW * spec.powerW * 1e-6, seriesH);
  const filter = filterUf > 0 ? new SeriesRc(site.stepS, 1, filterUf * 1e-6) : undefined;
  const startV = 0.6 * Math.SQRT2 * site.nominalV;
  let startedMs: number | undefined;
  return {
    element: filter === undefined ? rectifier : new ParallelElements([rectifier, filter]).port,
    defaultLeakageMa: 0.35,
    close(isSettled) {
      rectifier.close(isSettled ? 0.93 * Math.SQRT2 * site.nominalV : 0);
      filter?.close();
      startedMs = isSettled ? -Infinity : undefined;
    },
    update(clock) {
      const { waveMs, courseMs, nowMs } = clock;
      rectifier.setSeriesOhm(seriesOhm + (coldSeriesOhm - seriesOhm) * (1 - runUp(0, waveMs, 800)));
      // Under-voltage lock-out: the converter starts once its capacitor is charged and stops when it sags.
      if (rectifier.capacitorV < startV) startedMs = undefined;
      else startedMs ??= waveMs === Infinity ? -Infinity : waveMs;
      const rampMs = startedMs === undefined ? 0 : startedMs === -Infinity ? softStartMs : waveMs - startedMs;
      const ramp = Math.min(1, rampMs / softStartMs);
      rectifier.powerW = powerAtW(courseMs) * settling(clock) * fluctuation(nowMs) * ramp;
    },
  };
}
