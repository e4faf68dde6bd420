/**
 * The DIY stack that promises as much as we do: the broker (aedes) is in the process, and a report is acknowledged
 * when PostgreSQL has committed it. `node direct.ts MQTT_PORT DATABASE_URL WEB_PORT`
 */
import { Aedes } from 'aedes';
import { createServer } from 'node:net';
import process from 'node:process';
import { PeerStore, type PeerReport } from '../readings.ts';
import { openAlarmPage } from './alarm-page.ts';

const [mqttPort = '', databaseUrl = '', webPort = ''] = process.argv.slice(2);
const store = await PeerStore.open(databaseUrl, await openAlarmPage(Number(webPort)));
const broker = await Aedes.createBroker({
  authorizePublish(_client, { topic, payload }, callback) {
    const [, , deviceId = '', kind] = topic.split('/');
    const report = JSON.parse(payload.toString()) as PeerReport;
    const done = (): void => callback(null);
    if (kind === 'event') store.event(deviceId, report, done);
    else store.reading(deviceId, report, done);
  },
});
createServer(broker.handle).listen(Number(mqttPort), '127.0.0.1', () => console.log('ready'));
