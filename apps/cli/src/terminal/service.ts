import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { UsageError } from '../command.ts';
import { LAUNCHER } from './software.ts';

export const SERVICE_UNIT = 'fengsui-terminal.service';

/** A small young generation and a bound for the old one: they keep a terminal of eight circuits below 150 MB. */
export const SERVICE_FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=96'];

export const serviceUsage = [
  'fengsui terminal install-service --print [--user NAME] [--software DIR] -- [the options the terminal runs with]',
  '  prints a systemd unit that runs exactly that, watched and hardened; nothing is installed. With --software the',
  '  launcher of DIR starts it, and it takes signed programs (terminal software-init DIR; DIR below /var/lib/fengsui-terminal)',
].join('\n');

const executable = path.resolve(import.meta.dirname, '../../bin/fengsui.mjs');

/** `fengsui terminal install-service --print …` */
export function serviceCommand(args: readonly string[]): number {
  const end = args.indexOf('--');
  const runs = end < 0 ? [] : args.slice(end + 1);
  const { values } = parseArgs({
    args: end < 0 ? [...args] : args.slice(0, end),
    options: {
      print: { type: 'boolean' },
      user: { type: 'string', default: 'fengsui' },
      software: { type: 'string' },
    },
  });
  const { print, user, software } = values;
  if (print !== true) throw new UsageError('install-service: expected --print; put the unit in its place yourself');
  if (!/^[a-z_][a-z0-9_-]*$/.test(user)) throw new UsageError(`--user ${user}: expected a user name`);
  if (runs.length === 0) throw new UsageError('install-service: expected -- and the options the terminal runs with');
  console.log(
    serviceUnit(software === undefined ? runs : [...runs, '--software', software], {
      user,
      node: lockedNode(),
      ...(software !== undefined && { program: path.join(software, LAUNCHER) }),
    }),
  );
  return 0;
}

/**
 * A systemd unit for a terminal. Its flags, the cache of compiled code and few arenas of malloc keep it below 150 MB;
 * without them it takes what the machine has.
 */
export function serviceUnit(
  args: readonly string[],
  { user, node, program = executable }: { readonly user: string; readonly node: string; readonly program?: string },
): string {
  const readsSerial = args.includes('--fieldbus');
  return `[Unit]
Description=Fengsui terminal
Wants=network-online.target time-sync.target
After=network-online.target time-sync.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=all
User=${user}
WorkingDirectory=/var/lib/fengsui-terminal
ExecStart=${[node, ...SERVICE_FLAGS, program, 'terminal', ...args].map(quoted).join(' ')}
Environment=NODE_COMPILE_CACHE=/var/cache/fengsui-terminal MALLOC_ARENA_MAX=2
StateDirectory=fengsui-terminal
CacheDirectory=fengsui-terminal
StateDirectoryMode=0700
Restart=always
RestartSec=2
TimeoutStartSec=60
TimeoutStopSec=15
WatchdogSec=60
WatchdogSignal=SIGKILL
MemoryMax=300M

NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
CapabilityBoundingSet=
UMask=0077
${readsSerial ? 'SupplementaryGroups=dialout\nDevicePolicy=closed\nDeviceAllow=char-ttyUSB rw\nDeviceAllow=char-ttyS rw\nDeviceAllow=char-ttyACM rw\n' : 'PrivateDevices=yes\n'}
[Install]
WantedBy=multi-user.target`;
}

/** systemd reads % and $ in a line, and blanks between words. */
function quoted(word: string): string {
  const escaped = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[A-Za-z0-9_./:=,@%$+-]+$/.test(escaped)
    ? escaped
    : `"${escaped.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** The Node that this product locks: the system's may be older. */
function lockedNode(): string {
  try {
    const folder = path.dirname(
      createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`),
    );
    const file = path.join(folder, 'bin/node');
    if (existsSync(file)) return file;
  } catch {
    // Not installed: the Node that runs now is new enough.
  }
  return process.execPath;
}
