import type { EvidenceValue, HazardEvidence } from '@fengsui/hazard';
import type { LoadEvidence } from '@fengsui/protocol';

/**
 * Evidence with its instants moved by `shiftMs`: the engines count on the signal's clock, reports carry the instant of
 * writing when playback runs at another speed. Instants stand in `windows` and `forecast` alone.
 */
export function shiftedEvidence(evidence: HazardEvidence, shiftMs: number): HazardEvidence {
  const { windows, forecast } = evidence;
  const shift = (value: unknown): number => Math.round((value as number) + shiftMs);
  return {
    ...evidence,
    ...(isList(windows) && { windows: windows.map((span) => (isList(span) ? span.map(shift) : span)) }),
    ...(typeof forecast === 'object' &&
      forecast !== null &&
      !isList(forecast) && {
        forecast: Object.fromEntries(Object.entries(forecast).map(([name, at]) => [name, shift(at)])),
      }),
  };
}

function isList(value: EvidenceValue | undefined): value is readonly EvidenceValue[] {
  return Array.isArray(value);
}

/** The same for a load that was switched: since when those beside it are on. */
export function shiftedLoads(evidence: LoadEvidence, shiftMs: number): LoadEvidence {
  const { circuit } = evidence;
  const loadsOn = circuit.loadsOn.map((load) => ({ ...load, since: Math.round(load.since + shiftMs) }));
  return { ...evidence, circuit: { ...circuit, loadsOn } };
}
