import { Gateway } from '@fengsui/centre';
import { hostInUrl } from '../tls/certificate-name.ts';
import { version } from '../version.ts';
import { runDoors, type DoorsOrder } from './run-doors.ts';

/** The doors for devices until a signal ends them; the exit code. */
export async function startGateway(order: DoorsOrder): Promise<number> {
  const { config, shared, log } = order;
  return runDoors(order, {
    create: (places) =>
      new Gateway({ ...shared, ...places, gb26875: config.gb26875, natsStream: config.nats.stream, log, version }),
    say: ({ mqttPort, mqttTlsPort, gbPort }, base, host) => [
      `ready  ${base}/readyz says whether devices may come here`,
      ...(mqttTlsPort === undefined ? [] : [`MQTTS  mqtts://${host}:${mqttTlsPort}`]),
      `GB     ${hostInUrl(config.gb26875.host)}:${gbPort} TCP and UDP (GB/T 26875.3)`,
      `MQTT   mqtt://${hostInUrl(config.mqtt.host)}:${mqttPort}`,
    ],
    isForPeople: false,
  });
}
