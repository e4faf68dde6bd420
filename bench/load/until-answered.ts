import type { Reporter } from './reporter.ts';

const TIMEOUT_MS = 30_000;

/** Waits until nothing is unacknowledged, or a connection is closed, for at most 30 s. */
export async function untilAnswered(reporters: readonly Reporter[]): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (reporters.some(({ outstanding, connection }) => outstanding > 0 && !connection.isClosed)) {
    if (performance.now() > deadline) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
