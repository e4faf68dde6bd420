import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import pg from 'pg';
import { freePort } from '../../tools/servers/free-port.ts';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { installPeers, nodeRedFile, peersFolder } from '../peers/install.ts';
import { mosquittoCommand } from '../peers/mosquitto.ts';
import { flowOf, settingsOf } from '../peers/node-red/flow.ts';
import { PEER_SCHEMA } from '../peers/readings.ts';
import type { CitySystem, Durability } from './city-system.ts';
import { postgresProcess } from './fengsui-system.ts';
import { PeerProcess } from './peer-process.ts';
import { peerScreen } from './screen/peer-screen.ts';
import type { Screen } from './screen/screen.ts';

const peers = path.resolve(import.meta.dirname, '../peers');

type Ports = { readonly mqtt: number; readonly web: number };

type Peer = {
  readonly name: string;
  readonly durability: Durability;
  readonly description: string;
  readonly screen?: (webUrl: string) => Screen;
  /** Started in order; killed and disposed of one by one. */
  start(ports: Ports, databaseUrl: string, folder: string): Promise<readonly PeerProcess[]>;
};

const mosquitto = async ({ mqtt }: Ports, folder: string): Promise<PeerProcess> => {
  const [command, args] = await mosquittoCommand(mqtt, folder);
  return PeerProcess.start({ name: 'Mosquitto', command, args, port: mqtt });
};

const diy: Peer = {
  name: 'DIY: Mosquitto + consumer',
  durability: 'D0',
  description: 'Mosquitto 2.0.11, a Node consumer, COPY of 1,000 rows or 100 ms into PostgreSQL 15, a WebSocket page',
  screen: peerScreen,
  async start(ports, databaseUrl, folder) {
    const broker = await mosquitto(ports, folder);
    const args = [path.join(peers, 'diy/consumer.ts'), String(ports.mqtt), databaseUrl, String(ports.web)];
    const command = { name: 'consumer', command: process.execPath, args, port: ports.web, ready: 'ready' };
    return [broker, await PeerProcess.start(command)];
  },
};

const diyDirect: Peer = {
  name: 'DIY: broker that waits for the commit',
  durability: 'D2',
  description: 'aedes 1.2 in a Node process, PUBACK after the COPY is committed, PostgreSQL 15, a WebSocket page',
  screen: peerScreen,
  async start({ mqtt, web }, databaseUrl) {
    const args = [path.join(peers, 'diy/direct.ts'), String(mqtt), databaseUrl, String(web)];
    return [await PeerProcess.start({ name: 'broker', command: process.execPath, args, port: mqtt, ready: 'ready' })];
  },
};

const nodeRed: Peer = {
  name: 'Node-RED stack',
  durability: 'D0',
  description:
    'Mosquitto 2.0.11, Node-RED 5.0.7 (functions, inserts of 1,000 rows or 100 ms into PostgreSQL 15), its WebSocket',
  async start(ports, databaseUrl, folder) {
    installPeers();
    const broker = await mosquitto(ports, folder);
    const pgModule = path.join(peersFolder, 'node_modules/pg');
    await writeFile(path.join(folder, 'settings.js'), settingsOf(ports.web, databaseUrl, pgModule));
    await writeFile(path.join(folder, 'flows.json'), JSON.stringify(flowOf(ports.mqtt)));
    const args = [nodeRedFile, '--userDir', folder, '--settings', path.join(folder, 'settings.js')];
    const ready = 'Connected to broker';
    const command = { name: 'Node-RED', command: process.execPath, args, cwd: folder, port: ports.web, ready };
    return [broker, await PeerProcess.start(command)];
  },
};

export const peerKinds: Readonly<Record<'diy' | 'diy-direct' | 'node-red', Peer>> = {
  diy,
  'diy-direct': diyDirect,
  'node-red': nodeRed,
};

/** A peer on a fresh PostgreSQL, with the programs' versions of this machine. */
export async function startPeer(peer: Peer): Promise<CitySystem> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-peer-'));
  const postgres = await startPostgresServer();
  const pool = new pg.Pool({ connectionString: postgres.url, max: 2 });
  // A killed server ends idle connections; the next question makes one.
  pool.on('error', () => undefined);
  const started: PeerProcess[] = [];
  const dispose = async (): Promise<void> => {
    for (const one of started) await one.stop();
    await pool.end();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await pool.query(PEER_SCHEMA);
    const ports = { mqtt: await freePort(), web: await freePort() };
    started.push(...(await peer.start(ports, postgres.url, folder)));
    return systemOf(peer, ports, postgres, pool, started, dispose);
  } catch (error) {
    await dispose();
    throw error;
  }
}

function systemOf(
  { name, durability, description, screen }: Peer,
  ports: Ports,
  postgres: PostgresServer,
  pool: pg.Pool,
  started: readonly PeerProcess[],
  dispose: () => Promise<void>,
): CitySystem {
  const webUrl = `http://127.0.0.1:${ports.web}`;
  return {
    name,
    durability,
    description,
    mqttPort: ports.mqtt,
    mqttUrl: `mqtt://127.0.0.1:${ports.mqtt}`,
    webUrl,
    feedToken: 'none',
    ...(screen !== undefined && { screen: screen(webUrl) }),
    register: (prefix, count) =>
      Promise.resolve(Array.from({ length: count }, (_, n) => ({ deviceId: `${prefix}${n}`, secret: 'none' }))),
    async storedReports() {
      const { rows } = await pool.query<{ count: string }>('select count(*) from reading');
      return Number(rows[0]?.count);
    },
    processes: [...started, postgresProcess(postgres)],
    async storedSeqs(deviceId) {
      const { rows } = await pool.query<{ seq: string }>('select seq from reading where device_id = $1', [deviceId]);
      return rows.map(({ seq }) => Number(seq));
    },
    async storedBetween(deviceId, from, to) {
      const { rows } = await pool.query<{ rows: string; distinct: string }>(
        `select count(*) as rows, count(distinct (epoch, seq)) as distinct from reading
           where device_id = $1 and at >= $2 and at < $3`,
        [deviceId, from, to],
      );
      return { rows: Number(rows[0]?.rows), distinct: Number(rows[0]?.distinct) };
    },
    async storedRaises(deviceId) {
      const { rows } = await pool.query<{ count: string }>(
        `select count(*) from event where device_id = $1 and active and kind = 'arc'`,
        [deviceId],
      );
      return Number(rows[0]?.count);
    },
    dispose,
  };
}
