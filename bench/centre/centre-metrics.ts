import type { CentreProcess } from '../../test/harness/centre-process.ts';

export type CentreMetrics = {
  /** Entries made durable since the data folder exists. */
  readonly durable: number;
  /** Of these, what is applied to the store. */
  readonly applied: number;
  readonly backlog: number;
};

const POLL_MS = 50;

/** From /metrics, open to loopback. */
export async function readMetrics(centre: CentreProcess): Promise<CentreMetrics> {
  const response = await fetch(`${centre.webUrl}/metrics`, { signal: AbortSignal.timeout(30_000) });
  const text = await response.text();
  const sum = (name: string): number => {
    const lines = [...text.matchAll(new RegExp(`^${name}\\{[^}]*\\} (\\d+)$`, 'gm'))];
    if (lines.length === 0) throw new Error(`/metrics has no ${name}: ${response.status} ${text.slice(0, 200)}`);
    return lines.reduce((total, [, value]) => total + Number(value), 0);
  };
  const durable = sum('fengsui_journal_sequence');
  const backlog = sum('fengsui_journal_backlog');
  return { durable, applied: durable - backlog, backlog };
}

/** Resolves with how long it took until everything durable was applied. @throws Error after `timeoutMs`. */
export async function untilApplied(centre: CentreProcess, timeoutMs: number): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const { backlog } = await readMetrics(centre);
    const elapsedMs = performance.now() - startedAt;
    if (backlog === 0) return elapsedMs;
    if (elapsedMs > timeoutMs) throw new Error(`${backlog} entries not applied within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
