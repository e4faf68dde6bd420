import { latenciesOf } from '../statistics.ts';
import type { Offered } from './fleet-messages.ts';
import { monotonicMs } from './monotonic-ms.ts';
import type { Reporter } from './reporter.ts';
import { untilAnswered } from './until-answered.ts';

/**
 * Open loop: report k is due at k / rate and its latency counts from there, so a stall of the centre (or of this
 * generator) is charged to every report that was due meanwhile, not to one alone.
 */
export async function offer(reporters: readonly Reporter[], ratePerS: number, durationMs: number): Promise<Offered> {
  const latenciesMs: number[] = [];
  const lagsMs: number[] = [];
  for (const reporter of reporters) reporter.listen((latencyMs) => latenciesMs.push(latencyMs));
  const total = Math.floor((ratePerS * durationMs) / 1000);
  const startedAtMs = monotonicMs();
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((monotonicMs() - startedAtMs) * ratePerS) / 1000) + 1);
    for (; sent < due; sent++) {
      const dueAtMs = startedAtMs + (sent * 1000) / ratePerS;
      lagsMs.push(monotonicMs() - dueAtMs);
      (reporters[sent % reporters.length] as Reporter).send(dueAtMs);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await untilAnswered(reporters);
  return {
    kind: 'offered',
    sent: total,
    acknowledged: latenciesMs.length,
    latencyMs: latenciesOf(latenciesMs),
    generatorLagMs: latenciesOf(lagsMs),
  };
}
