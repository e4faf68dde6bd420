import { CentreProcess } from '../../test/harness/centre-process.ts';
import type { Benchmark } from '../benchmark.ts';
import { untilApplied } from '../centre/centre-metrics.ts';
import { processStatus } from '../centre/process-status.ts';
import { registerDevices } from '../centre/register-devices.ts';
import { Fleet } from '../load/fleet.ts';
import { rounded } from '../statistics.ts';

const CONNECTIONS = 1000;
const RATE_PER_S = 5000;
const APPLY_TIMEOUT_MS = 120_000;

/** Resident memory of the centre's process, engine and all, at rest and at work. */
export const memory: Benchmark = {
  name: 'memory',
  async run({ quick, progress }) {
    const settleMs = quick ? 1_000 : 10_000;
    const rows: string[][] = [];
    const note = (name: string, centre: CentreProcess): void => {
      const { residentMb, peakResidentMb } = processStatus(centre.pid);
      rows.push([name, rounded(residentMb), rounded(peakResidentMb)]);
      progress(`${name}: ${rounded(residentMb)} MB, peak ${rounded(peakResidentMb)} MB`);
    };
    const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, settleMs));
    const centre = await CentreProcess.start();
    const fleet = await Fleet.start();
    try {
      await settle();
      note('no demo, first start, idle', centre);
      await centre.stop();
      await centre.up();
      await settle();
      note('no demo, later start, idle', centre);
      const devices = await registerDevices(centre, 'm', CONNECTIONS);
      await fleet.connect(centre.mqttPort, devices);
      await settle();
      note(`${CONNECTIONS} connections, idle`, centre);
      await fleet.offer(CONNECTIONS, RATE_PER_S, quick ? 3_000 : 20_000);
      note(`${CONNECTIONS} connections, ${RATE_PER_S} reports/s`, centre);
      await fleet.saturate(CONNECTIONS, 8, quick ? 1_000 : 6_000);
      note(`${CONNECTIONS} connections × 8, as fast as it goes`, centre);
      await untilApplied(centre, APPLY_TIMEOUT_MS);
      await settle();
      note('the same, when all is applied', centre);
    } finally {
      await fleet.stop();
      await centre.dispose();
    }
    const demo = await CentreProcess.start({ demo: true });
    try {
      await settle();
      await settle();
      note('demo city (terminals and simulator in the same process)', demo);
    } finally {
      await demo.dispose();
    }
    return [
      {
        title: 'Resident memory of the centre (MB)',
        columns: ['state', 'resident', 'peak since the start'],
        rows,
        notes: ['One run; VmRSS and VmHWM of /proc.'],
      },
    ];
  },
};
