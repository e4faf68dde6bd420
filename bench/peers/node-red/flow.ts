import { EVENT_SQL } from '../readings.ts';

/**
 * What an integrator draws in Node-RED: MQTT in, JSON, a function that collects 1,000 readings or what came in 100 ms,
 * an insert of many rows, alarms to a WebSocket. The functions take `pg` from the settings, as its manual shows.
 */
const COLLECT = `
const waiting = context.get('waiting') || [];
if (msg.tick === undefined) {
  const r = msg.payload;
  waiting.push([msg.topic.split('/')[2], r.epoch, r.seq, r.at, Object.values(r.values)]);
}
if (waiting.length === 0 || (msg.tick === undefined && waiting.length < 1000)) {
  context.set('waiting', waiting);
  return null;
}
context.set('waiting', []);
return { payload: waiting };`;

const INSERT = `
const rows = msg.payload, now = Date.now();
const places = [], values = [];
for (const [device, epoch, seq, at, readings] of rows) {
  const k = values.length;
  places.push('($' + (k + 1) + ',$' + (k + 2) + ',$' + (k + 3) + ',$' + (k + 4) + ',$' + (k + 5) + ',$' + (k + 6) + ')');
  values.push(device, epoch, seq, at, now, readings);
}
await global.get('pool').query('insert into reading values ' + places.join(','), values);
return null;`;

const ALARM = `
const r = msg.payload, device = msg.topic.split('/')[2];
const raised = await global.get('pool').query(${JSON.stringify(EVENT_SQL)},
  [device, r.epoch, r.seq, r.at, r.point, r.kind, r.active]);
if (raised.rowCount === 0) return null;
return { payload: JSON.stringify({ type: 'alarms', alarms: [{ deviceId: device, pointId: r.point, kind: r.kind }] }) };`;

const GREET = `
msg.payload = '{"type":"snapshot","alarms":[]}';
return msg;`;

type Node = Readonly<Record<string, unknown>>;

/** A node without a place on the sheet would be taken for a configuration. */
const place = { z: 'tab', x: 100, y: 100 };

const functionNode = (id: string, func: string, wires: readonly (readonly string[])[]): Node => ({
  id,
  ...place,
  type: 'function',
  name: id,
  func,
  outputs: wires.length,
  wires,
});

const mqttIn = (id: string, topic: string, next: string): Node => ({
  id,
  ...place,
  type: 'mqtt in',
  topic,
  qos: '1',
  datatype: 'json',
  broker: 'broker',
  wires: [[next]],
});

export function flowOf(mqttPort: number): readonly Node[] {
  return [
    { id: 'tab', type: 'tab', label: 'city' },
    {
      id: 'broker',
      type: 'mqtt-broker',
      broker: '127.0.0.1',
      port: String(mqttPort),
      clientid: 'node-red',
      cleansession: false,
      keepalive: '60',
      protocolVersion: '4',
    },
    { id: 'page', type: 'websocket-listener', path: '/api/v1/live', wholemsg: 'false' },
    mqttIn('readings', 'fengsui/v1/+/telemetry', 'collect'),
    mqttIn('events', 'fengsui/v1/+/event', 'alarm'),
    {
      id: 'tick',
      ...place,
      type: 'inject',
      repeat: '0.1',
      once: true,
      props: [{ p: 'tick', v: 'true', vt: 'bool' }],
      wires: [['collect']],
    },
    functionNode('collect', COLLECT, [['insert']]),
    functionNode('insert', INSERT, [[]]),
    functionNode('alarm', ALARM, [['feed']]),
    { id: 'feed', ...place, type: 'websocket out', server: 'page', wires: [] },
    { id: 'asked', ...place, type: 'websocket in', server: 'page', wires: [['greet']] },
    functionNode('greet', GREET, [['answer']]),
    { id: 'answer', ...place, type: 'websocket out', server: 'page', wires: [] },
  ];
}

/** A settings file: no editor, no projects, `pool` for the functions. */
export function settingsOf(webPort: number, databaseUrl: string, pgModule: string): string {
  return `const { Pool } = require(${JSON.stringify(pgModule)});
module.exports = {
  uiPort: ${webPort}, uiHost: '127.0.0.1', httpAdminRoot: false, flowFile: 'flows.json', credentialSecret: false,
  functionGlobalContext: { pool: new Pool({ connectionString: ${JSON.stringify(databaseUrl)}, max: 4 }) },
  logging: { console: { level: 'info', metrics: false, audit: false } },
};
`;
}
