import type { HazardEvidence } from '@fengsui/hazard';

/**
 * Evidence with its instants moved by `shiftMs`: the engines count on the signal's clock, reports carry the instant of
 * writing when playback runs at another speed. Instants stand in `windows` and `forecast` alone.
 */
export function shiftedEvidence(evidence: HazardEvidence, shiftMs: number): HazardEvidence {
  const { windows, forecast } = evidence;
  const shift = (value: unknown): number => Math.round((value as number) + shiftMs);
  return {
    ...evidence,
    ...(Array.isArray(windows) && {
      windows: windows.map((span) => (Array.isArray(span) ? span.map(shift) : span)),
    }),
    ...(typeof forecast === 'object' &&
      forecast !== null &&
      !Array.isArray(forecast) && {
        forecast: Object.fromEntries(Object.entries(forecast).map(([name, at]) => [name, shift(at)])),
      }),
  };
}
