import { ShareWorker } from '@fengsui/centre';
import { version } from '../version.ts';
import { runDoors, type DoorsOrder } from './run-doors.ts';

/** A share of the situation until a signal ends it, or it has lost it; the exit code. */
export async function startWorker(order: DoorsOrder): Promise<number> {
  const { config, shared, log } = order;
  return runDoors(order, {
    create: ({ web }) =>
      new ShareWorker({
        ...shared,
        natsStream: config.nats.stream,
        web,
        version,
        timeZone: config.site.timeZone,
        retention: config.retention,
        gbProfileFolder: config.gb26875.profiles,
        workRulesFile: config.work.rules,
        log,
      }),
    say: (_opened, base) => [`ready  ${base}/readyz says whether it applies`],
    isForPeople: false,
  });
}
