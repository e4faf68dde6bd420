import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ConfigError, FolderLockError, loadConfig, lockFolder, type Config } from '@fengsui/centre';
import { callControlSocket } from '@fengsui/centre/control-socket';
import { checkClock, type DoctorFinding } from '@fengsui/terminal';
import { chooseFolder, fileOf } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';
import { checkPermissions, checkPorts } from '../doctor/check-folder.ts';
import { tellFindings } from '../doctor/findings.ts';
import { judgeMetrics } from '../doctor/judge-metrics.ts';
import { hasDeviceDoors, readRole, type Role } from '../roles.ts';
import { dateOf, endsSoon } from '../tls/certificate-life.ts';
import { initCommand, readTlsFile } from '../tls/tls-folder.ts';

const GB = 1e9;
/** The journal and the store grow by some GB a day in a city; below the second nothing more can be taken soon. */
const ROOM = { warn: 10 * GB, fail: 1 * GB };

export const doctorCommand: Command = {
  usage: [
    'fengsui doctor',
    'fengsui doctor --data data/centre --json',
    'fengsui doctor --roles gateway       of a process that is to have this role: which ports it needs',
    '',
    'Configuration, room on the disk, certificates, clock; of a running centre also journal, timers, doors, silent',
    'devices, quarantine, inbox, brokers, work orders, commands: ok, warn or fail with what to do. 1 when something fails.',
  ].join('\n'),
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { data: { type: 'string' }, roles: { type: 'string' }, json: { type: 'boolean' } },
    });
    if (positionals.length > 0) throw new UsageError(`doctor: unexpected ${positionals.join(' ')}`);
    const role = readRole(values.roles);
    const folder = await chooseFolder(values.data);
    const findings = [
      ...configuration(folder, role),
      await room(folder),
      await checkPermissions(folder),
      ...(await certificate(path.join(folder, 'tls'))),
      await checkClock(Date.now()),
      ...(await running(folder, role)),
    ];
    return tellFindings(findings, values.json === true);
  },
};

function configuration(folder: string, role: Role): readonly DoctorFinding[] {
  try {
    const { config } = loadConfig({ environment: process.env, ...fileOf(folder) });
    return [{ name: 'config', state: 'ok', detail: 'the configuration is valid' }, ...openDoors(config, role)];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const remedy = 'docs/reference/configuration.md lists every setting';
    return error.problems.map((detail) => ({ name: 'config', state: 'fail', detail, remedy }));
  }
}

/** GB/T 26875.3 has neither log-in nor encryption: who reaches the door can say anything. */
function openDoors({ gb26875 }: Config, role: Role): readonly DoctorFinding[] {
  const { host, allow } = gb26875;
  if (!hasDeviceDoors(role) || ['127.0.0.1', '::1', 'localhost'].includes(host)) return [];
  return [
    {
      name: 'doors',
      state: 'warn',
      detail: `the GB/T 26875.3 door at ${host} has no log-in and no encryption; it takes frames from ${allow ?? 'loopback'}`,
      remedy: 'let it be reached through a VPN or a private network alone, and keep gb26875.allow as narrow as you can',
    },
  ];
}

async function room(folder: string): Promise<DoctorFinding> {
  let free: number;
  try {
    const { bavail, bsize } = await statfs(folder);
    free = bavail * bsize;
  } catch {
    const remedy = 'name it: --data DIR, or start a centre there first';
    return { name: 'data', state: 'fail', detail: `there is no data folder ${folder}`, remedy };
  }
  const detail = `${(free / GB).toFixed(1)} GB are free on the disk of ${folder}`;
  if (free >= ROOM.warn) return { name: 'disk', state: 'ok', detail };
  const remedy = 'free space: when the disk is full, reports are refused and kept by the devices';
  return { name: 'disk', state: free < ROOM.fail ? 'fail' : 'warn', detail, remedy };
}

async function certificate(tlsFolder: string): Promise<readonly DoctorFinding[]> {
  const pem = await readTlsFile(tlsFolder, 'server.crt').catch(() => undefined);
  if (pem === undefined) return [];
  const found = new X509Certificate(pem);
  const until = `the certificate of the centre ends ${dateOf(found.validToDate)}`;
  if (!endsSoon(found, new Date())) return [{ name: 'tls', state: 'ok', detail: until }];
  const isOver = found.validToDate.getTime() < Date.now();
  return [{ name: 'tls', state: isOver ? 'fail' : 'warn', detail: until, remedy: initCommand(tlsFolder) }];
}

/** Tried and let go at once: a centre that starts this very moment tries again. */
async function isLocked(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false;
  try {
    const lock = await lockFolder(path.resolve(folder));
    await lock.release();
    return false;
  } catch (error) {
    return error instanceof FolderLockError && error.code === 'folderInUse';
  }
}

async function running(folder: string, role: Role): Promise<readonly DoctorFinding[]> {
  const answer = await callControlSocket(folder, 'metrics', {});
  if (answer === undefined) {
    if (await isLocked(folder)) {
      const detail = `a centre holds ${folder} and does not answer: it is just starting, or it hangs`;
      const remedy = 'wait a minute; if it stays, stop it (SIGTERM, then SIGKILL: nothing is lost) and start it anew';
      return [{ name: 'lock', state: 'fail', detail, remedy }];
    }
    const detail = `no centre runs on ${folder}`;
    const { config } = loadConfig({ environment: process.env, ...fileOf(folder) });
    const stopped = { name: 'centre', state: 'warn', detail, remedy: `fengsui start --data ${folder}` } as const;
    return [stopped, ...(await checkPorts(config, role))];
  }
  if ('error' in answer) throw new Error(answer.error);
  if (typeof answer.result !== 'string') {
    const remedy = 'ask again when "fengsui start" has said its addresses';
    return [{ name: 'centre', state: 'warn', detail: 'the centre is starting', remedy }];
  }
  return judgeMetrics(answer.result);
}
