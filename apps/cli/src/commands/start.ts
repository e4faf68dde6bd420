import { isIPv4 } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import {
  Administration,
  auditCareSettings,
  backupName,
  BackupDesk,
  BackupFault,
  BackupSchedule,
  Centre,
  createLog,
  fireChannelOf,
  DiskWatch,
  loadConfig,
  markInitialised,
  openClusterBus,
  openControlSocket,
  openCallOutDoors,
  openCore,
  openDataFolder,
  openReleases,
  openStandbyDoor,
  storePlaceOf,
  SteadyClock,
  type ClusterBus,
  type Core,
  type Log,
  type SettingKey,
} from '@fengsui/centre';
import { dispatch } from '../administration-calls.ts';
import { fileOf } from '../administer.ts';
import { migrationCare, standingOrder } from '../backup-order.ts';
import { UsageError, type Command } from '../command.ts';
import { startConsoleBuild } from '../console-build.ts';
import { dataFolderOf } from '../data-option.ts';
import { doorPlaces } from '../door-places.ts';
import { seedDemoCity } from '../demo/seed-demo-city.ts';
import { setDemoStage } from '../demo/set-demo-stage.ts';
import { meterReadings, startDemoCity, type RunningDemo } from '../demo/running-demo.ts';
import { lanAddresses, loadLanTls, printLanAccess } from '../lan-access.ts';
import { checkShared, readRole } from '../roles.ts';
import { untilSignal, withTimeout } from '../stop-in-order.ts';
import { hostInUrl } from '../tls/certificate-name.ts';
import { version } from '../version.ts';
import { startGateway } from './start-gateway.ts';
import { startSeats } from './start-seats.ts';
import { startWorker } from './start-worker.ts';

export const startCommand: Command = {
  usage: [
    'fengsui start --demo                 with the simulated city (what npm start does), data in ./data/demo',
    'fengsui start --no-demo              empty, data in ./data/centre',
    'fengsui start --lan                  HTTPS for other seats and phones of this network (after fengsui tls init)',
    'fengsui start --roles gateway        the doors for devices alone; --roles worker,api has the rest (docs/guides/scale-out.md)',
    'fengsui start --roles api            console, live feed and API for seats alone, beside worker,api',
    'fengsui start --roles worker         a share of the situation alone, any number of them beside worker,api',
    '',
    'Options: --demo | --no-demo (the last wins)  --data DIR  --lan  --roles all | gateway | api | worker | worker,api',
    '         --web-port N  --web-host A  --mqtt-port N  --mqtt-host A',
    '         --gb26875-port N  --gb26875-host A  --gb26875-allow NETWORKS  --log-level L  (fengsui config --help lists all settings)',
  ].join('\n'),
  run,
};

async function run(args: readonly string[]): Promise<number> {
  const { values, tokens } = parseArgs({
    args: [...args],
    tokens: true,
    options: {
      demo: { type: 'boolean' },
      'no-demo': { type: 'boolean' },
      lan: { type: 'boolean' },
      roles: { type: 'string' },
      data: { type: 'string' },
      'web-port': { type: 'string' },
      'web-host': { type: 'string' },
      'mqtt-port': { type: 'string' },
      'mqtt-host': { type: 'string' },
      'gb26875-port': { type: 'string' },
      'gb26875-host': { type: 'string' },
      'gb26875-allow': { type: 'string' },
      'log-level': { type: 'string' },
    },
  });
  const demoFlags = tokens.filter(
    (token) => token.kind === 'option' && (token.name === 'demo' || token.name === 'no-demo'),
  );
  const lastFlag = demoFlags.at(-1);
  const wantsDemo = lastFlag?.kind === 'option' && lastFlag.name === 'demo';
  const role = readRole(values.roles);
  const folder = dataFolderOf(values.data, wantsDemo);
  const { config } = loadConfig({ environment: process.env, ...fileOf(folder), flags: flagsOf(values) });
  const isLan = values.lan === true;
  if (!isLan && !isLoopbackHost(config.web.host)) {
    throw new Error(
      `web.host ${config.web.host} is beyond loopback without TLS; run "fengsui tls init", then start with --lan`,
    );
  }
  if (!isLoopbackHost(config.mqtt.host)) {
    throw new Error(
      `mqtt.host ${config.mqtt.host} is beyond loopback without TLS; the TLS door for devices comes with a later version`,
    );
  }
  if (!isLoopbackHost(config.gb26875.host) && config.gb26875.allow === undefined) {
    throw new Error(
      `gb26875.host ${config.gb26875.host} is beyond loopback, and the protocol knows neither TLS nor log-in; ` +
        'name the networks of your devices in gb26875.allow',
    );
  }
  const shared = checkShared(role, config);
  if (shared !== undefined && wantsDemo)
    throw new UsageError('--demo runs as one process: leave --roles away, or give --no-demo');
  const log = createLog({ level: config.log.level, json: config.log.format === 'json' });
  if (shared !== undefined && role === 'gateway') return startGateway({ folder, config, shared, isLan, log });
  if (shared !== undefined && role === 'worker') return startWorker({ folder, config, shared, isLan, log });
  if (shared !== undefined && role === 'seats') return startSeats({ folder, config, shared, isLan, log });
  const fatal = Promise.withResolvers<never>();
  // Struck before anybody waits for it, it ends the wait below.
  fatal.promise.catch(() => undefined);
  let isOpen = false;
  const onFatal = (reason: string): void => {
    // Said now: what is said at the end is lost when something holds the end up.
    log.error('the centre ends', { reason });
    // What is half open has no stop, and may wait for ever for what has struck. The journal survives a kill.
    if (!isOpen) process.exit(1);
    fatal.reject(new Error(reason));
  };
  const fireCommand = fireChannelOf(config.fireCommand);
  const audit = auditCareSettings(config.audit, config.site.timeZone);
  const data = await openDataFolder(folder, storePlaceOf(config));
  const stops: (() => Promise<void>)[] = [() => data.release()];
  /** All are tried: what one of them refuses is no reason to leave the others open, nor to forget why we stop. */
  const stopAll = async (): Promise<boolean> => {
    let isClean = true;
    for (const stop of stops.splice(0).reverse()) {
      try {
        await stop();
      } catch (error) {
        isClean = false;
        log.error('not stopped cleanly', { reason: error instanceof Error ? error.message : String(error) });
      }
    }
    return isClean;
  };
  try {
    const tls = isLan ? await loadLanTls(data.tls) : undefined;
    const consoleBuild = startConsoleBuild(log);
    stops.push(() => consoleBuild.stop());
    const { reserveMb } = config.disk;
    const disk = new DiskWatch({
      folder,
      ...(reserveMb !== undefined && { reserveBytes: reserveMb * 1024 * 1024 }),
    });
    stops.push(async () => disk.stop());
    await disk.start();
    const core = await openCore({
      disk,
      journalFolder: data.journal,
      storeFolder: data.store,
      keysFolder: data.keys,
      databaseUrl: config.database.url,
      natsUrl: config.nats.url,
      natsStream: config.nats.stream,
      ...(shared !== undefined && { openBus: () => openBus(shared.natsUrl, config.nats.stream, log) }),
      gbProfileFolder: config.gb26875.profiles,
      workRulesFile: config.work.rules,
      clock: new SteadyClock(),
      log,
      isDemo: wantsDemo,
      timeZone: config.site.timeZone,
      access: config.access,
      openId: config.oidc,
      stampCertificates: audit.stampCertificates,
      ...migrationCare(data, config, log),
      onFatal,
      onStandBy: async (leader) => {
        const host = isLan ? '::' : config.web.host;
        const door = await openStandbyDoor({ host, port: config.web.port, leader, ...(tls !== undefined && { tls }) });
        console.log(
          `standby  ${leader} leads; ${tls === undefined ? 'http' : 'https'}://${urlHost(host)}:${door.port}/readyz says so`,
        );
        return () => door.close();
      },
    });
    isOpen = true;
    stops.push(() => core.close());
    await markInitialised(folder);
    const administration = new Administration(core);
    const { clock } = core;
    const backupFault = new BackupFault(core);
    const backups = await BackupDesk.open({
      ...standingOrder(data, config, () => clock.now()),
      ...core,
      ...(config.nats.url !== undefined && { settle: () => allApplied(core) }),
      backupsFolder: data.backups,
      onMade: backupFault.made,
    });
    const backupFolder = path.resolve(config.backup.folder ?? data.backups);
    stops.push(() => backups.stop());
    disk.onChange(({ room }) => {
      if (room === 'low' || room === 'last') void backups.giveUp(`the disk of ${folder} is nearly full`);
    });
    const running: { centre?: Centre } = {};
    const control = await openControlSocket(folder, (name, parameters) => {
      if (name === 'metrics') return Promise.resolve(running.centre?.metrics());
      if (name === 'backupState') return Promise.resolve(backups.state);
      if (name === 'backupCreate') {
        const { to } = parameters;
        const file = typeof to === 'string' ? to : path.join(data.backups, backupName('asked', clock.now()));
        return Promise.resolve({ file: backups.begin(file, 'asked') });
      }
      return dispatch(administration, name, parameters);
    });
    stops.push(() => control.close());
    const runsDemo = wantsDemo && mayRunDemo(core);
    if (runsDemo) await seedDemoCity(core, folder);
    const host = tls === undefined ? config.web.host : (lanAddresses()[0] ?? 'localhost');
    const gateways = shared && { host };
    const centre = new Centre({
      core,
      ...(gateways !== undefined && { gateways }),
      isDemo: runsDemo,
      version,
      rate: config.access,
      ...(await doorPlaces(config, tls, data.tls)),
      gb26875: config.gb26875,
      console: consoleBuild.files,
      releases: openReleases(data),
      canaryEveryS: config.canary.everyS,
      backups,
      history: { retention: config.retention, timeZone: config.site.timeZone },
      audit,
      fireCommand,
      callOut: await openCallOutDoors(config.callOut, { seed: core.linkKey, now: () => clock.now() }),
      paperFolder: data.paper,
    });
    running.centre = centre;
    stops.push(() => centre.stop());
    const schedule = new BackupSchedule({
      ...core,
      ...config.backup,
      desk: backups,
      folder: backupFolder,
      onFailed: backupFault.failed,
    });
    stops.push(async () => schedule.stop());
    // From here on devices are answered: whoever stops it now stops it in order.
    const stopSignal = untilSignal();
    const { webPort, mqttPort, mqttTlsPort, gbPort } = await centre.start();
    const base =
      tls === undefined
        ? `http://${urlHost(config.web.host)}:${webPort}`
        : `https://${hostInUrl(lanAddresses()[0] ?? 'localhost')}:${webPort}`;
    const mqttUrl = `mqtt://${urlHost(config.mqtt.host)}:${mqttPort}`;
    const token = await administration.founderToken();
    const founder = token === undefined ? [] : [`founder, once: ${base}/founder#token=${token}`];
    console.log(
      [
        `web    ${base}/`,
        gateways === undefined
          ? `MQTT   ${mqttUrl}`
          : 'MQTT   and GB/T 26875.3 at the gateways (fengsui start --roles gateway)',
        ...(mqttTlsPort === undefined || gateways !== undefined
          ? []
          : [`MQTTS  mqtts://${hostInUrl(lanAddresses()[0] ?? 'localhost')}:${mqttTlsPort}`]),
        ...(gateways === undefined
          ? [`GB     ${urlHost(config.gb26875.host)}:${gbPort} TCP and UDP (GB/T 26875.3)`]
          : []),
        `data   ${folder}`,
        ...founder,
      ].join('\n'),
    );
    if (tls !== undefined) await printLanAccess(base, data.tls);
    schedule.start();
    let demo: RunningDemo | undefined;
    if (runsDemo) {
      demo = startDemoCity(
        { folder, mqttUrl, energyKwh: meterReadings(core), commandKeys: [core.commandSigner.publicKey] },
        log,
      );
      stops.push(() => demo?.stop() ?? Promise.resolve());
      console.log('demo   simulated city, marked as such on every screen');
      // Over HTTPS the stage was set before, or is not: our own certificate is no reason to trust blindly.
      if (tls === undefined) void setDemoStage(base, administration, log);
    }
    log.info('stopping', { signal: await Promise.race([stopSignal, fatal.promise]) });
  } catch (error) {
    await withTimeout(stopAll());
    throw error;
  }
  return (await withTimeout(stopAll())) ? 0 : 1;
}

/** The way to the other processes of this centre. */
function openBus(url: string, prefix: string, log: Log): Promise<ClusterBus> {
  const onState = (trouble: string | undefined): void => {
    if (trouble !== undefined) log.warn('gateways and workers cannot be reached', { reason: trouble });
  };
  return openClusterBus(url, { name: `fengsui centre ${prefix}`, onState });
}

/** A store that has seen a live device runs no simulator: simulated values must not stand among real ones. */
function mayRunDemo({ situation }: Core): boolean {
  for (const device of situation.registry.allDevices()) {
    if (device.origin !== 'live') continue;
    console.error(`this store has live devices (${device.id}): the simulator is not started`);
    return false;
  }
  return true;
}

function flagsOf(values: Readonly<Record<string, string | boolean | undefined>>): Partial<Record<SettingKey, string>> {
  const names: readonly (readonly [string, SettingKey])[] = [
    ['web-port', 'web.port'],
    ['web-host', 'web.host'],
    ['mqtt-port', 'mqtt.port'],
    ['mqtt-host', 'mqtt.host'],
    ['gb26875-port', 'gb26875.port'],
    ['gb26875-host', 'gb26875.host'],
    ['gb26875-allow', 'gb26875.allow'],
    ['log-level', 'log.level'],
  ];
  return Object.fromEntries(
    names.flatMap(([flag, key]) => (typeof values[flag] === 'string' ? [[key, values[flag]]] : [])),
  );
}

/** A name that begins with 127. may lie anywhere: only addresses count, and the one name that is reserved (RFC 6761). */
const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));

const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

const APPLIED_TIMEOUT_MS = 120_000;

/** What is acknowledged now is in the store when it resolves. */
async function allApplied({ journal, worker }: Core): Promise<void> {
  for (const lane of ['alarm', 'bulk'] as const) {
    await worker.reached(lane, journal.lastSequence(lane), APPLIED_TIMEOUT_MS);
  }
}
