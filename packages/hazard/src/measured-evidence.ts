import type { EvidenceValue, HazardEvidence } from './hazard-event.ts';

/** One quantity a decision rests on. What is absent or not finite is left out of the evidence. */
export type MeasuredFeature = {
  /** Name with its unit: `kappaKPerA2`. */
  readonly feature: string;
  readonly value: number;
  /** What this installation has without the fault. */
  readonly baseline?: number;
  readonly limit?: number;
};

/** When a limit will be reached as things go; the bounds hold 80 % of cases. Epoch ms; absent = not within reach. */
export type HazardForecast = {
  readonly limitAt?: number;
  readonly earliestAt?: number;
  readonly latestAt?: number;
};

/**
 * Evidence in the shape `hazard/1`. Numbers keep seven digits: more is noise, and it is sent.
 *
 * @param features those whose value is not finite are left out: unknown is absent.
 * @param reason why nothing more can be said, in one word of the engine.
 */
export function measuredEvidence(
  features: readonly MeasuredFeature[],
  forecast?: HazardForecast,
  reason?: string,
): HazardEvidence {
  const instants = Object.entries(forecast ?? {}).filter(([, at]) => Number.isSafeInteger(Math.round(at)));
  return {
    schema: 'hazard/1',
    features: features.filter(({ value }) => Number.isFinite(value)).map(featureOf),
    ...(reason !== undefined && { reason }),
    ...(instants.length > 0 && {
      forecast: Object.fromEntries(instants.map(([name, at]) => [name, Math.round(at)])),
    }),
  };
}

function featureOf({ feature, value, baseline, limit }: MeasuredFeature): EvidenceValue {
  return {
    feature,
    value: shortened(value),
    ...(baseline !== undefined && Number.isFinite(baseline) && { baseline: shortened(baseline) }),
    ...(limit !== undefined && Number.isFinite(limit) && { limit: shortened(limit) }),
  };
}

function shortened(value: number): number {
  return Number(value.toPrecision(7));
}
