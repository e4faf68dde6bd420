/**
 * The DIY stack behind Mosquitto: subscribes to every report, COPY to PostgreSQL, alarms to a page by WebSocket.
 * `node consumer.ts MQTT_PORT DATABASE_URL WEB_PORT`. As MQTT clients do, it acknowledges a message when it has taken
 * it, not when it is stored: what is in its batch is lost with it.
 */
import mqtt from 'mqtt';
import process from 'node:process';
import { PeerStore, type PeerReport } from '../readings.ts';
import { openAlarmPage } from './alarm-page.ts';

const [mqttPort = '', databaseUrl = '', webPort = ''] = process.argv.slice(2);
const store = await PeerStore.open(databaseUrl, await openAlarmPage(Number(webPort)));
const client = mqtt.connect(`mqtt://127.0.0.1:${mqttPort}`, {
  clientId: 'consumer',
  // The broker keeps what comes while we are away.
  clean: false,
  reconnectPeriod: 500,
});
const nothing = (): void => undefined;
client.on('message', (topic, payload) => {
  const [, , deviceId = '', kind] = topic.split('/');
  const report = JSON.parse(payload.toString()) as PeerReport;
  if (kind === 'event') store.event(deviceId, report, nothing);
  else store.reading(deviceId, report, nothing);
});
client.on('connect', () => {
  client.subscribe(['fengsui/v1/+/telemetry', 'fengsui/v1/+/event'], { qos: 1 }, () => console.log('ready'));
});
