import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, glob, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

export type ProgramName =
  'chromium' | 'mosquitto' | 'mosquitto_pub' | 'pdftotext' | 'postgres' | 'nats-server' | 'ip' | 'openssl';

type Program = {
  /** Names on PATH, the first found counts. */
  readonly commands: readonly string[];
  /** Places that Debian does not put on PATH, as globs; the last in order of version counts. */
  readonly places: readonly string[];
  readonly packages: readonly string[];
  /** Throws a reason when what was found will not do. */
  readonly check?: (program: string) => Promise<void>;
  readonly beforeInstall?: () => Promise<() => Promise<void>>;
};

const INSTALL_TIMEOUT_MS = 600_000;
const LEAST_POSTGRES = 15;

const PROGRAMS: Readonly<Record<ProgramName, Program>> = {
  chromium: {
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    places: [],
    packages: ['chromium', 'fonts-noto-cjk'],
    check: checkChineseFont,
  },
  mosquitto: {
    commands: ['mosquitto'],
    places: ['/usr/sbin/mosquitto'],
    packages: ['mosquitto'],
    beforeInstall: forbidServices,
  },
  mosquitto_pub: { commands: ['mosquitto_pub'], places: [], packages: ['mosquitto-clients'] },
  pdftotext: { commands: ['pdftotext'], places: [], packages: ['poppler-utils'] },
  postgres: {
    commands: [],
    places: ['/usr/lib/postgresql/*/bin/postgres'],
    packages: ['postgresql'],
    check: checkPostgresVersion,
    beforeInstall: forbidMainCluster,
  },
  'nats-server': { commands: ['nats-server'], places: ['/usr/sbin/nats-server'], packages: ['nats-server'] },
  openssl: { commands: ['openssl'], places: [], packages: ['openssl'] },
  ip: { commands: ['ip'], places: ['/usr/sbin/ip', '/sbin/ip'], packages: ['iproute2'] },
};

const run = promisify(execFile);
const installing = new Map<ProgramName, Promise<string>>();
let listsUpdated: Promise<unknown> | undefined;

/**
 * Absolute path of a program that the tests need beyond npm: found on PATH or where Debian keeps it, else installed
 * with apt when this is root on Debian.
 *
 * @throws Error with the exact command to run when it is absent and cannot be installed here. Never a silent skip.
 */
export async function requireProgram(name: ProgramName): Promise<string> {
  const found = await findProgram(name);
  if (found.path !== undefined) return found.path;
  let attempt = installing.get(name);
  if (attempt === undefined) {
    attempt = install(name, found.reason);
    installing.set(name, attempt);
  }
  return attempt;
}

/** The program's path, or the reason why there is none that will do. */
export async function findProgram(
  name: ProgramName,
): Promise<{ readonly path: string } | { readonly path?: undefined; readonly reason: string }> {
  const { commands, places, check } = PROGRAMS[name];
  let reason = `${name} was not found`;
  for (const candidate of await candidates(commands, places)) {
    try {
      await check?.(candidate);
      return { path: candidate };
    } catch (error) {
      reason = `${candidate}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return { reason };
}

async function candidates(commands: readonly string[], places: readonly string[]): Promise<string[]> {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const found: string[] = [];
  for (const command of commands) {
    for (const folder of folders) {
      const candidate = path.join(folder, command);
      if (await isExecutable(candidate)) found.push(candidate);
    }
  }
  const placed: string[] = [];
  for (const place of places) {
    for await (const candidate of glob(place)) if (await isExecutable(candidate)) placed.push(candidate);
  }
  // /usr/lib/postgresql/9.6 comes before /15: by number, the newest first.
  placed.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return [...found, ...placed];
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function install(name: ProgramName, reason: string): Promise<string> {
  const { packages, beforeInstall } = PROGRAMS[name];
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (!(await isExecutable('/usr/bin/apt-get'))) {
    throw new Error(`${reason}. Install it by this system's own means (on Debian: ${command}).`);
  }
  if (process.getuid?.() !== 0) throw new Error(`${reason}. Run: sudo ${command}`);
  const afterInstall = await beforeInstall?.();
  try {
    listsUpdated ??= apt(['update']);
    await listsUpdated;
    await apt(['install', '-y', '--no-install-recommends', ...packages]);
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new Error(`${reason}, and this failed: ${command}\n${output}`, { cause: error });
  } finally {
    await afterInstall?.();
  }
  const found = await findProgram(name);
  if (found.path !== undefined) return found.path;
  throw new Error(`${found.reason}, although this succeeded: ${command}`);
}

function apt(args: readonly string[]): Promise<unknown> {
  // Several test processes may come here at once: apt waits for its own lock.
  return run('/usr/bin/apt-get', ['-o', 'DPkg::Lock::Timeout=600', '-q', ...args], {
    timeout: INSTALL_TIMEOUT_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
  });
}

async function checkChineseFont(): Promise<void> {
  for await (const _font of glob('/usr/share/fonts/**/*CJK*.{ttc,otf,ttf}')) return;
  throw new Error('no CJK font under /usr/share/fonts; Chinese text would be boxes');
}

async function checkPostgresVersion(program: string): Promise<void> {
  const { stdout } = await run(program, ['--version'], { timeout: 10_000 });
  const major = Number(/\d+/.exec(stdout)?.[0]);
  if (!(major >= LEAST_POSTGRES)) throw new Error(`${stdout.trim()}, version ${LEAST_POSTGRES} or newer is expected`);
}

/** Debian's package makes a cluster that listens on 5432; the tests start their own and want none left behind. */
async function forbidMainCluster(): Promise<() => Promise<void>> {
  const file = '/etc/postgresql-common/createcluster.d/fengsui-tests.conf';
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, 'create_main_cluster = false\n');
  return () => rm(file, { force: true });
}

/** Debian starts what it installs; the tests start their own broker, on a port of its own. */
async function forbidServices(): Promise<() => Promise<void>> {
  const file = '/usr/sbin/policy-rc.d';
  // Somebody's own policy stays.
  if (await isExecutable(file)) return async () => undefined;
  await writeFile(file, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return () => rm(file, { force: true });
}
