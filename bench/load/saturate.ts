import { latenciesOf } from '../statistics.ts';
import { untilAnswered } from './until-answered.ts';
import type { Saturated } from './fleet-messages.ts';
import { monotonicMs } from './monotonic-ms.ts';
import type { Reporter } from './reporter.ts';

const SLICE_MS = 250;

/** Closed loop: as many reports as the centre acknowledges. */
export async function saturate(reporters: readonly Reporter[], window: number, durationMs: number): Promise<Saturated> {
  const latenciesMs: number[] = [];
  const slices = new Array<number>(Math.floor(durationMs / SLICE_MS)).fill(0);
  const startedAtMs = monotonicMs();
  const endsAtMs = startedAtMs + durationMs;
  let lastAtMs = endsAtMs;
  for (const reporter of reporters) {
    reporter.listen((latencyMs, atMs) => {
      latenciesMs.push(latencyMs);
      lastAtMs = Math.max(lastAtMs, atMs);
      const slice = Math.floor((atMs - startedAtMs) / SLICE_MS);
      if (slice < slices.length) slices[slice] = (slices[slice] as number) + 1;
      if (atMs < endsAtMs) reporter.send(monotonicMs());
    });
  }
  for (const reporter of reporters) for (let i = 0; i < window; i++) reporter.send(monotonicMs());
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  await untilAnswered(reporters);
  const ratesPerS = slices.map((count) => (count * 1000) / SLICE_MS);
  return {
    kind: 'saturated',
    acknowledged: latenciesMs.length,
    perS: (latenciesMs.length * 1000) / (lastAtMs - startedAtMs),
    ratesPerS,
    latencyMs: latenciesOf(latenciesMs),
  };
}
