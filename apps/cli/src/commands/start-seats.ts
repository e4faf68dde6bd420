import { SeatServer } from '@fengsui/centre';
import { startConsoleBuild } from '../console-build.ts';
import { version } from '../version.ts';
import { runDoors, type DoorsOrder } from './run-doors.ts';

/** Console, live feed and API for seats until a signal ends them; the exit code. */
export async function startSeats(order: DoorsOrder): Promise<number> {
  const { config, shared, log } = order;
  const { files, stop } = startConsoleBuild(log);
  try {
    return await runDoors(order, {
      create: ({ web }) =>
        new SeatServer({
          ...shared,
          natsStream: config.nats.stream,
          web,
          console: files,
          log,
          version,
          idleLockMs: config.access.idleLockMinutes * 60_000,
        }),
      say: (_opened, base) => [`ready  ${base}/readyz says whether seats may come here`, `web    ${base}/`],
      isForPeople: true,
    });
  } finally {
    await stop();
  }
}
