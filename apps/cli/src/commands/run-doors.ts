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

type Doors<Opened> = { start(): Promise<Opened>; stop(): Promise<void> };

export type OpenDoors<Opened> = {
  readonly create: (places: Awaited<ReturnType<typeof doorPlaces>>) => Doors<Opened>;
  /** Where they are, for people; `base` is the URL of the web door, `host` that of this machine for others. */
  readonly say: (opened: Opened, base: string, host: string) => readonly string[];
  /** People log in there: with `--lan` it is said how others of the network do. */
  readonly isForPeople: boolean;
};

/** Opens doors and keeps them open until a signal ends them; the exit code. */
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
    if (typeof opened !== 'string') {
      const host = hostInUrl(lanAddresses()[0] ?? 'localhost');
      const [scheme, webHost] = tls === undefined ? ['http', hostInUrl(config.web.host)] : ['https', host];
      const base = `${scheme}://${webHost}:${opened.webPort}`;
      console.log(say(opened, base, host).join('\n'));
      if (tls !== undefined && isForPeople) await printLanAccess(base, data.tls);
      log.info('stopping', { signal: await stopSignal });
    }
    await withTimeout(doors.stop());
    return 0;
  } finally {
    await data.release();
  }
}
