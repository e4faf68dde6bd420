import type { Fleet } from '../../load/fleet.ts';
import { processStatus } from '../../centre/process-status.ts';
import type { CitySystem } from '../city-system.ts';

const WINDOW = 8;
const POLL_MS = 250;
const STORED_TIMEOUT_MS = 300_000;

export type Throughput = {
  readonly acknowledgedPerS: number;
  /** From the first report sent until the last is committed. */
  readonly storedPerS: number;
  /** Of what was acknowledged, minutes after. */
  readonly missing: number;
  readonly cpuMsPerThousand: number;
  readonly residentMb: number;
};

/** As fast as it is acknowledged: each connection keeps 8 reports on their way. */
export async function measureThroughput(
  system: CitySystem,
  fleet: Fleet,
  connections: number,
  durationMs: number,
): Promise<Throughput> {
  const before = await settled(system);
  const cpuBefore = costOf(system).cpuS;
  const startedAt = performance.now();
  const { acknowledged, perS } = await fleet.saturate(connections, WINDOW, durationMs);
  let stored = await system.storedReports();
  for (const until = performance.now() + STORED_TIMEOUT_MS; stored - before < acknowledged;) {
    if (performance.now() > until) break;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    stored = await system.storedReports();
  }
  const tookS = (performance.now() - startedAt) / 1000;
  const { cpuS, residentMb } = costOf(system);
  return {
    acknowledgedPerS: perS,
    storedPerS: (stored - before) / tookS,
    missing: Math.max(0, acknowledged - (stored - before)),
    cpuMsPerThousand: ((cpuS - cpuBefore) / acknowledged) * 1e6,
    residentMb,
  };
}

/** Of all its processes. */
export function costOf(system: CitySystem): { readonly cpuS: number; readonly residentMb: number } {
  let cpuS = 0;
  let residentMb = 0;
  for (const pid of system.processes.flatMap((process) => process.pids())) {
    try {
      const status = processStatus(pid);
      cpuS += status.cpuS;
      residentMb += status.residentMb;
    } catch {
      // A backend that has ended meanwhile.
    }
  }
  return { cpuS, residentMb };
}

/** How many reports are stored once no more are added. */
export async function settled(system: CitySystem): Promise<number> {
  let stored = await system.storedReports();
  for (const until = performance.now() + STORED_TIMEOUT_MS; performance.now() < until;) {
    await new Promise((resolve) => setTimeout(resolve, 2 * POLL_MS));
    const next = await system.storedReports();
    if (next === stored) return stored;
    stored = next;
  }
  throw new Error(`${system.name}: reports are still being stored after ${STORED_TIMEOUT_MS} ms`);
}
