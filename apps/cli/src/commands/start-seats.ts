import { openDataFolder, SeatServer, type Config, type Log } from '@fengsui/centre';
import { startConsoleBuild } from '../console-build.ts';
import { doorPlaces } from '../door-places.ts';
import { lanAddresses, loadLanTls, printLanAccess } from '../lan-access.ts';
import { untilSignal, withTimeout } from '../stop-in-order.ts';
import { hostInUrl } from '../tls/certificate-name.ts';
import { version } from '../version.ts';

export type SeatsOrder = {
  readonly folder: string;
  readonly config: Config;
  readonly shared: { readonly databaseUrl: string; readonly natsUrl: string };
  readonly isLan: boolean;
  readonly log: Log;
};

/** Console, live feed and API for seats until a signal ends them; the exit code. */
export async function startSeats({ folder, config, shared, isLan, log }: SeatsOrder): Promise<number> {
  const data = await openDataFolder(folder, 'servers');
  const consoleBuild = startConsoleBuild(log);
  try {
    const tls = isLan ? await loadLanTls(data.tls) : undefined;
    const { web } = await doorPlaces(config, tls, data.tls);
    const server = new SeatServer({
      ...shared,
      natsStream: config.nats.stream,
      web,
      console: consoleBuild.files,
      log,
      version,
    });
    const stopSignal = untilSignal();
    const opened = await Promise.race([server.start(), stopSignal]);
    if (typeof opened !== 'string') {
      const host = tls === undefined ? hostInUrl(config.web.host) : hostInUrl(lanAddresses()[0] ?? 'localhost');
      const base = `${tls === undefined ? 'http' : 'https'}://${host}:${opened.webPort}`;
      console.log([`ready  ${base}/readyz says whether seats may come here`, `web    ${base}/`].join('\n'));
      if (tls !== undefined) await printLanAccess(base, data.tls);
      log.info('stopping', { signal: await stopSignal });
    }
    await withTimeout(server.stop());
    return 0;
  } finally {
    await consoleBuild.stop();
    await data.release();
  }
}
