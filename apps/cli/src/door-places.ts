import type { Config } from '@fengsui/centre';
import { deviceAuthorityOf } from './tls/device-authority.ts';
import type { LanTls } from './tls/load-lan-tls.ts';

/** Where the web door and the doors for devices listen; with TLS (`--lan`) for other machines too. */
export async function doorPlaces(
  { web, mqtt }: Pick<Config, 'web' | 'mqtt'>,
  tls: LanTls | undefined,
  tlsFolder: string,
) {
  if (tls === undefined) {
    return { web, mqtt: { host: mqtt.host, port: mqtt.port } };
  }
  const { key, cert } = tls;
  const forDevices = { host: '::', port: mqtt.tlsPort, key, cert, ...(await deviceAuthorityOf(tlsFolder)) };
  return {
    web: { ...web, host: '::', tls },
    mqtt: { host: mqtt.host, port: mqtt.port, tls: forDevices },
  };
}
