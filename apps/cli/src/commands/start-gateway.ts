import { openDataFolder, Gateway, type Config, type Log } from '@fengsui/centre';
import { doorPlaces } from '../door-places.ts';
import { lanAddresses, loadLanTls } from '../lan-access.ts';
import { untilSignal, withTimeout } from '../stop-in-order.ts';
import { hostInUrl } from '../tls/certificate-name.ts';

export type GatewayOrder = {
  readonly folder: string;
  readonly config: Config;
  readonly shared: { readonly databaseUrl: string; readonly natsUrl: string };
  readonly isLan: boolean;
  readonly log: Log;
};

/** The doors for devices until a signal ends them; the exit code. */
export async function startGateway({ folder, config, shared, isLan, log }: GatewayOrder): Promise<number> {
  const data = await openDataFolder(folder, 'servers');
  try {
    const tls = isLan ? await loadLanTls(data.tls) : undefined;
    const gateway = new Gateway({
      ...shared,
      natsStream: config.nats.stream,
      log,
      ...(await doorPlaces(config, tls, data.tls)),
    });
    const stopSignal = untilSignal();
    // Without a centre that has made the streams it waits: a signal ends that too.
    const opened = await Promise.race([gateway.start(), stopSignal]);
    if (typeof opened !== 'string') {
      const { webPort, mqttPort, mqttTlsPort } = opened;
      const host = hostInUrl(lanAddresses()[0] ?? 'localhost');
      const base = tls === undefined ? `http://${hostInUrl(config.web.host)}:${webPort}` : `https://${host}:${webPort}`;
      const lines = [`ready  ${base}/readyz says whether devices may come here`];
      if (mqttTlsPort !== undefined) lines.push(`MQTTS  mqtts://${host}:${mqttTlsPort}`);
      console.log([...lines, `MQTT   mqtt://${hostInUrl(config.mqtt.host)}:${mqttPort}`].join('\n'));
      log.info('stopping', { signal: await stopSignal });
    }
    await withTimeout(gateway.stop());
    return 0;
  } finally {
    await data.release();
  }
}
