import type { RandomStream } from '../../random/random-stream.ts';
import { requireWithin } from '../../require-within.ts';
import type { PfcSupplySpec } from '../appliance-spec.ts';
import type { Behaviour, LoadSite } from '../behaviour.ts';
import { EnvelopeLoad } from '../envelope-load.ts';
import { createFluctuation } from '../fluctuation.ts';
import { ParallelElements } from '../parallel-elements.ts';
import { Rectifier } from '../rectifier.ts';
import { SeriesRc } from '../series-rc.ts';
import { createSettling } from '../settling.ts';
import { sinePowerShare } from '../sine-power-share.ts';

/** `powerAtW`: as in `buildRectifier`. */
export function buildPfcSupply(
  spec: PfcSupplySpec,
  site: LoadSite,
  random: RandomStream,
  powerAtW: (courseMs: number) => number = () => spec.powerW,
): Behaviour {
  const { filterUf = 0.15 + spec.powerW / 1000, cuspV = 12, rippleRatio = 0.06, rippleRad = 0.5, gapV = 0 } = spec;
  const { bulkUfPerW = 0.7, coldSeriesOhm = 12, startDelayMs = 150, softStartMs = 300 } = spec;
  const { rampFromRatio = 0, noiseRatio = 0.01, gapEndV = 0.9 * gapV, flatV, regulationMs } = spec;
  requireWithin('pfcSupply: filterUf', filterUf, 0, 20);
  requireWithin('pfcSupply: cuspV', cuspV, 0.1, 150);
  requireWithin('pfcSupply: gapV', gapV, 0, 200);
  requireWithin('pfcSupply: gapEndV', gapEndV, 0, 290);
  if (flatV !== undefined) requireWithin('pfcSupply: flatV', flatV, 20, 10_000);
  requireWithin('pfcSupply: rippleRatio', rippleRatio, 0, 0.5);
  requireWithin('pfcSupply: bulkUfPerW', bulkUfPerW, 0.05, 5);
  requireWithin('pfcSupply: coldSeriesOhm', coldSeriesOhm, 0.5, 200);
  requireWithin('pfcSupply: startDelayMs', startDelayMs, 0, 20_000);
  requireWithin('pfcSupply: softStartMs', softStartMs, 1, 1e7);
  requireWithin('pfcSupply: rampFromRatio', rampFromRatio, 0, 1);
  requireWithin('pfcSupply: noiseRatio', noiseRatio, 0, 0.3);
  if (regulationMs !== undefined) requireWithin('pfcSupply: regulationMs', regulationMs, 5, 1000);
  const fluctuation = createFluctuation('pfcSupply', spec.fluctuation, random);
  const settling = createSettling('pfcSupply', spec.settling);
  const shape = {
    cuspV,
    rippleRatio,
    rippleRad,
    startV: gapV,
    stopV: gapEndV,
    ...(flatV === undefined ? {} : { flatV }),
  };
  const boost = new EnvelopeLoad({ ...shape, noiseRatio }, random);
  const regulation = regulationMs === undefined ? undefined : createRegulation(boost, site.nominalV, regulationMs);
  // At plug-in the bulk capacitor charges through the bridge; once the boost runs, it stays above the peak for good.
  const bulk = new Rectifier(site.stepS, bulkUfPerW * spec.powerW * 1e-6, 0.3e-3);
  bulk.setSeriesOhm(coldSeriesOhm);
  const filter = filterUf > 0 ? new SeriesRc(site.stepS, 1, filterUf * 1e-6) : undefined;
  const perWatt = 1 / (site.nominalV ** 2 * sinePowerShare(Math.SQRT2 * site.nominalV, shape));
  return {
    element: new ParallelElements(filter === undefined ? [boost, bulk] : [boost, bulk, filter]).port,
    defaultLeakageMa: 0.4,
    close(isSettled) {
      boost.close();
      filter?.close();
      if (!isSettled) bulk.close(0);
    },
    update(clock) {
      const { waveMs, courseMs, nowMs } = clock;
      const runningMs = waveMs - startDelayMs;
      const ramp = runningMs < 0 ? 0 : Math.min(1, rampFromRatio + (1 - rampFromRatio) * (runningMs / softStartMs));
      const askedW = powerAtW(courseMs) * settling(clock) * fluctuation(nowMs) * ramp;
      boost.fullConductance = Math.max(0, askedW * perWatt) * (regulation?.(nowMs) ?? 1);
      if (runningMs >= 0) bulk.open();
    },
  };
}

/** Its current is limited: below this part of the rated voltage it draws less power. */
const LEAST_VOLTAGE_RATIO = 0.5;

/** Factor on the conductance that takes the power to what is asked at any voltage; slowly, or the current would lose its shape. */
function createRegulation(boost: EnvelopeLoad, nominalV: number, regulationMs: number): (nowMs: number) => number {
  const leastSquareV = (LEAST_VOLTAGE_RATIO * nominalV) ** 2;
  let squareV = NaN;
  let lastMs = NaN;
  return (nowMs) => {
    const seen = boost.meanSquareV();
    // Not known just after the contact closed.
    squareV = Number.isNaN(squareV) ? seen : squareV - Math.expm1((lastMs - nowMs) / regulationMs) * (seen - squareV);
    lastMs = nowMs;
    return Number.isNaN(squareV) ? 1 : nominalV ** 2 / Math.max(squareV, leastSquareV);
  };
}
