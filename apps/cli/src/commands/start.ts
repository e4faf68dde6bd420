import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import {
  Administration,
  backupName,
  BackupDesk,
  BackupSchedule,
  Centre,
  createLog,
  DiskWatch,
  loadConfig,
  markInitialised,
  openControlSocket,
  openCore,
  openDataFolder,
  openReleases,
  openStandbyDoor,
  storePlaceOf,
  SteadyClock,
  type Core,
  type SettingKey,
} from '@fengsui/centre';
import { dispatch } from '../administration-calls.ts';
import { fileOf } from '../administer.ts';
import { migrationCare, standingOrder } from '../backup-order.ts';
import { UsageError, type Command } from '../command.ts';
import { startConsoleBuild } from '../console-build.ts';
import { dataFolderOf } from '../data-option.ts';
import { seedDemoCity } from '../demo/seed-demo-city.ts';
import { setDemoStage } from '../demo/set-demo-stage.ts';
import { meterReadings, startDemoCity, type RunningDemo } from '../demo/running-demo.ts';
import { lanAddresses, loadLanTls, printLanAccess } from '../lan-access.ts';
import { hostInUrl } from '../tls/certificate-name.ts';
import { version } from '../version.ts';

const ROLES = ['gateway', 'worker', 'api'];
const STOP_TIMEOUT_MS = 10_000;

export const startCommand: Command = {
  usage: [
    'fengsui start --demo                 with the simulated city (what npm start does), data in ./data/demo',
    'fengsui start --no-demo              empty, data in ./data/centre',
    'fengsui start --lan                  HTTPS for other seats and phones of this network (after fengsui tls init)',
    '',
    'Options: --demo | --no-demo (the last wins)  --data DIR  --lan  --roles gateway,worker,api',
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
  checkRoles(values.roles);
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
  const fatal = Promise.withResolvers<never>();
  // Struck before anybody waits for it, it ends the wait below.
  fatal.promise.catch(() => undefined);
  const log = createLog({ level: config.log.level, json: config.log.format === 'json' });
  const data = await openDataFolder(folder, storePlaceOf(config));
  const stops: (() => Promise<void>)[] = [() => data.release()];
  const stopAll = async (): Promise<void> => {
    for (const stop of stops.reverse()) await stop();
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
      gbProfileFolder: config.gb26875.profiles,
      workRulesFile: config.work.rules,
      clock: new SteadyClock(),
      log,
      isDemo: wantsDemo,
      timeZone: config.site.timeZone,
      ...migrationCare(data, config, log),
      onFatal: (reason) => fatal.reject(new Error(reason)),
      onStandBy: async (leader) => {
        const host = isLan ? '::' : config.web.host;
        const door = await openStandbyDoor({ host, port: config.web.port, leader, ...(tls !== undefined && { tls }) });
        console.log(
          `standby  ${leader} leads; ${tls === undefined ? 'http' : 'https'}://${urlHost(host)}:${door.port}/readyz says so`,
        );
        return () => door.close();
      },
    });
    stops.push(() => core.close());
    await markInitialised(folder);
    const administration = new Administration(core);
    const { clock } = core;
    const backups = await BackupDesk.open({
      ...standingOrder(data, config, () => clock.now()),
      ...core,
      ...(config.nats.url !== undefined && { settle: () => allApplied(core) }),
      backupsFolder: data.backups,
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
    const centre = new Centre({
      core,
      isDemo: runsDemo,
      version,
      web: { host: isLan ? '::' : config.web.host, port: config.web.port, ...(tls !== undefined && { tls }) },
      mqtt: {
        host: config.mqtt.host,
        port: config.mqtt.port,
        ...(tls !== undefined && {
          tls: { host: '::', port: config.mqtt.tlsPort, key: tls.key, cert: tls.cert, ...(await clientCaOf(data.tls)) },
        }),
      },
      gb26875: config.gb26875,
      console: consoleBuild.files,
      releases: openReleases(data),
      canaryEveryS: config.canary.everyS,
      backups,
      history: { retention: config.retention, timeZone: config.site.timeZone },
    });
    running.centre = centre;
    stops.push(() => centre.stop());
    const schedule = new BackupSchedule({ ...core, ...config.backup, desk: backups, folder: backupFolder });
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
        `MQTT   ${mqttUrl}`,
        ...(mqttTlsPort === undefined
          ? []
          : [`MQTTS  mqtts://${hostInUrl(lanAddresses()[0] ?? 'localhost')}:${mqttTlsPort}`]),
        `GB     ${urlHost(config.gb26875.host)}:${gbPort} TCP and UDP (GB/T 26875.3)`,
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
    await Promise.race([stopSignal, fatal.promise]);
    log.info('stopping');
  } catch (error) {
    await withTimeout(stopAll());
    throw error;
  }
  await withTimeout(stopAll());
  return 0;
}

/** The authority that signed the certificates of devices, where there is one: its own file beside the server's. */
async function clientCaOf(tlsFolder: string): Promise<{ readonly clientCa?: string }> {
  const file = path.join(tlsFolder, 'device-ca.crt');
  return existsSync(file) ? { clientCa: await readFile(file, 'utf8') } : {};
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

function checkRoles(given: string | undefined): void {
  if (given === undefined || given === 'all') return;
  const roles = given.split(',');
  const unknown = roles.find((role) => !ROLES.includes(role));
  if (unknown !== undefined)
    throw new UsageError(`--roles ${given}: ${unknown} is unknown, expected ${ROLES.join(', ')}`);
  if (!ROLES.every((role) => roles.includes(role))) {
    throw new UsageError(
      `--roles ${given}: one process runs all of ${ROLES.join(',')}; split roles come with a later version (a second centre on the same database and NATS stands by)`,
    );
  }
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

/** npm passes Ctrl-C on to a process that has had it from the terminal already: a repeat within this time is the same. */
const SAME_SIGNAL_MS = 1_000;

/** Resolves at the first signal to stop; a later one means "now". */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        firstAt ??= performance.now();
        resolve();
        if (performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(1);
      });
    }
  });
}

const APPLIED_TIMEOUT_MS = 120_000;

/** What is acknowledged now is in the store when it resolves. */
async function allApplied({ journal, worker }: Core): Promise<void> {
  for (const lane of ['alarm', 'bulk'] as const) {
    await worker.reached(lane, journal.lastSequence(lane), APPLIED_TIMEOUT_MS);
  }
}

/** What is not flushed by then is in the journal, and is applied at the next start. */
async function withTimeout(work: Promise<void>): Promise<void> {
  const timer = setTimeout(() => {
    console.error(
      `fengsui start: not stopped within ${STOP_TIMEOUT_MS / 1000} s, leaving; the journal keeps what was taken`,
    );
    process.exit(1);
  }, STOP_TIMEOUT_MS);
  await work;
  clearTimeout(timer);
}
