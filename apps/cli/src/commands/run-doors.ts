import { openDataFolder, type Config, type Log } from '@fengsui/centre';
import { doorPlaces } from '../door-places.ts';
import { lanAddresses, loadLanTls, printLanAccess } from '../lan-access.ts';
import { untilSignal, withTimeout } from '../stop-in-order.ts';
import { hostInUrl } from '../tls/certificate-name.ts';

/** A process of a centre that has doors and applies nothing. */
export type DoorsOrder = {
  readonly folder: string;
  readonly config: Config;
  readonly shared: { readonly databaseUrl: string; readonly natsUrl: string };
  readonly isLan: boolean;
  readonly log: Log;
};

type Doors<Opened> = {
  start(): Promise<Opened>;
  stop(): Promise<void>;
  /** Resolves with the reason when it can go on no more. */
  readonly failed?: Promise<string>;
};

export type OpenDoors<Opened> = {
  readonly create: (places: Awaited<ReturnType<typeof doorPlaces>>) => Doors<Opened>;
  /** Where they are, for people; `base` is the URL of the web door, `host` that of this machine for others. */
  readonly say: (opened: Opened, base: string, host: string) => readonly string[];
  /** People log in there: with `--lan` it is said how others of the network do. */
  readonly isForPeople: boolean;
};

/** Opens doors and keeps them open until a signal ends them, or it can go on no more; the exit code. */
export async function runDoors<Opened extends { readonly webPort: number }>(
  { folder, config, isLan, log }: DoorsOrder,
  { create, say, isForPeople }: OpenDoors<Opened>,
): Promise<number> {
  const data = await openDataFolder(folder, 'servers');
  try {
    const tls = isLan ? await loadLanTls(data.tls) : undefined;
    const doors = create(await doorPlaces(config, tls, data.tls));
    const stopSignal = untilSignal();
    // Without a centre that has made the streams they wait: a signal ends that too.
    const opened = await Promise.race([doors.start(), stopSignal]);
    let failure: string | undefined;
    if (typeof opened !== 'string') {
      const host = hostInUrl(lanAddresses()[0] ?? 'localhost');
      const [scheme, webHost] = tls === undefined ? ['http', hostInUrl(config.web.host)] : ['https', host];
      const base = `${scheme}://${webHost}:${opened.webPort}`;
      console.log(say(opened, base, host).join('\n'));
      if (tls !== undefined && isForPeople) await printLanAccess(base, data.tls);
      const failed = doors.failed?.then((reason) => (failure = reason));
      const signal = await Promise.race([stopSignal, failed ?? stopSignal]);
      if (failure === undefined) log.info('stopping', { signal });
      else log.error('ends, to begin anew', { reason: failure });
    }
    await withTimeout(doors.stop());
    return failure === undefined ? 0 : 1;
  } finally {
    await data.release();
  }
}
