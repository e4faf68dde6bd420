import { readFileSync } from 'node:fs';
import { openIdFactorRules, openIdSettings, type OpenIdSettings } from '../access/open-id-settings.ts';
import { callOutSettings, type CallOutSettings } from '../call-out/call-out-settings.ts';
import { accessSettings, secondFactorRules, type AccessSettings } from '../access/access-settings.ts';
import {
  fireCommandSettings,
  fireMessageFormats,
  type FireCommandSettings,
} from '../fire-command/fire-command-settings.ts';
import { passwordProfileNames } from '../access/password-profile.ts';
import type { AuditSettings } from '../audit/audit-settings.ts';
import { nearestWord } from './nearest-word.ts';

type Setting = {
  readonly type:
    | 'count'
    | 'port'
    | 'string'
    | 'logLevel'
    | 'logFormat'
    | 'timeZone'
    | 'passwordProfile'
    | 'secondFactor'
    | 'openIdFactor'
    | 'fireMessageFormat'
    | 'syslogUrl'
    | 'smtpUrl'
    | 'httpUrl';
  readonly default: string | number | undefined;
  readonly description: string;
  /** Smallest and greatest whole number of a `count`. */
  readonly range?: readonly [least: number, most: number];
  /** May also come from the file that `FENGSUI_…_FILE` names; never printed. */
  readonly secret?: true;
};

/** Every setting, once: default, meaning, environment name (`web.port` → FENGSUI_WEB_PORT). */
export const settings = {
  'web.host': {
    type: 'string',
    default: '127.0.0.1',
    description: 'address of the web door; beyond loopback only with TLS (start --lan)',
  },
  'web.port': { type: 'port', default: 8119, description: 'port of the web door: console, API, live feed' },
  'web.connectionsPerAddress': {
    type: 'count',
    range: [0, 1_000_000],
    default: 2_000,
    description: 'connections of one address to the web door at once; 0 = as many as come',
  },
  'mqtt.host': { type: 'string', default: '127.0.0.1', description: 'address of the MQTT door' },
  'mqtt.port': { type: 'port', default: 1883, description: 'port of the MQTT door' },
  'gb26875.host': {
    type: 'string',
    default: '127.0.0.1',
    description: 'address of the GB/T 26875.3 door; beyond loopback only with gb26875.allow',
  },
  'gb26875.port': { type: 'port', default: 5200, description: 'port of the GB/T 26875.3 door, TCP and UDP' },
  'gb26875.allow': {
    type: 'string',
    default: undefined,
    description: 'addresses and networks that may reach the GB/T 26875.3 door, separated by commas: 10.1.0.0/16',
  },
  'gb26875.profiles': {
    type: 'string',
    default: undefined,
    description: 'folder of device profiles (*.json) for what makes do differently from GB/T 26875.3',
  },
  'mqtt.tlsPort': {
    type: 'port',
    default: 8883,
    description: 'port of the MQTT door with TLS; opens with start --lan',
  },
  'database.url': {
    type: 'string',
    default: undefined,
    secret: true,
    description: 'PostgreSQL to use instead of the embedded store',
  },
  'disk.reserveMb': {
    type: 'count',
    range: [0, 1_000_000],
    default: undefined,
    description:
      'MiB of the disk kept for alarms: below, telemetry stays with the devices; default 512, or 5 % of the disk if less',
  },
  'backup.everyHours': {
    type: 'count',
    range: [0, 8_760],
    default: 0,
    description: 'hours between backups that the centre makes by itself; 0 = none',
  },
  'backup.folder': {
    type: 'string',
    default: undefined,
    description: 'where those go, best on another disk; default: backups in the data folder',
  },
  'backup.keep': {
    type: 'count',
    range: [1, 1_000],
    default: 7,
    description: 'how many of those stay; older ones are deleted',
  },
  'nats.url': {
    type: 'string',
    default: undefined,
    secret: true,
    description:
      'NATS JetStream to keep the journal instead of segment files, several servers separated by commas; needs database.url',
  },
  'nats.stream': {
    type: 'string',
    default: 'fengsui',
    description: 'names the streams of this centre on NATS; centres that stand by for each other share it',
  },
  'site.timeZone': { type: 'timeZone', default: 'Asia/Shanghai', description: 'IANA time zone in which a day begins' },
  'work.rules': {
    type: 'string',
    default: undefined,
    description: 'file of rules for work orders (JSON): when a fault opens one, when it is due, when a repair counts',
  },
  'retention.rawDays': {
    type: 'count',
    range: [1, 3_660],
    default: 30,
    description: 'days that telemetry is kept as it came',
  },
  'retention.minuteDays': {
    type: 'count',
    range: [1, 3_660],
    default: 92,
    description: 'days that roll-ups of a minute are kept',
  },
  'retention.quarterDays': {
    type: 'count',
    range: [31, 3_660],
    default: 730,
    description: 'days that roll-ups of 15 minutes are kept',
  },
  'retention.dayDays': {
    type: 'count',
    range: [365, 36_600],
    default: 3_650,
    description: 'days that roll-ups of a day are kept',
  },
  'retention.captureDays': {
    type: 'count',
    range: [183, 36_600],
    default: 400,
    description: 'days that waveform captures are kept; those of an alarm stay with it',
  },
  'retention.eventDays': {
    type: 'count',
    range: [365, 36_600],
    default: 1_096,
    description: 'days that events of devices and values of fire system parts are kept; alarms are never deleted',
  },
  'retention.loadHistoryDays': {
    type: 'count',
    range: [1, 3_660],
    default: 92,
    description:
      'days that it is kept which load was switched on and off when, with the recordings of it; those of an alarm stay with it',
  },
  'retention.quarantineDays': {
    type: 'count',
    range: [1, 3_660],
    default: 92,
    description: 'days that messages which could not be read are kept',
  },
  'audit.retentionDays': {
    type: 'count',
    range: [180, 36_600],
    default: 400,
    description: 'days that rows of the audit are kept; the law of network security asks for six months at least',
  },
  'audit.syslog': {
    type: 'syslogUrl',
    default: undefined,
    description:
      'collector of another house that gets every row of the audit: tls://log.example.com:6514, tcp:// or udp://',
  },
  'audit.syslogCa': {
    type: 'string',
    default: undefined,
    description: 'file of the authority that signed the certificate of that collector; default: those of the system',
  },
  'audit.timestampUrl': {
    type: 'httpUrl',
    default: undefined,
    description: 'time-stamping authority (RFC 3161) that stamps the head of the audit once a day',
  },
  'audit.timestampCa': {
    type: 'string',
    default: undefined,
    description: 'file of its certificate, or of the authority that signed it; needed with audit.timestampUrl',
  },
  'canary.everyS': {
    type: 'count',
    range: [1, 60],
    default: 60,
    description: 'seconds between canary alarms: an alarm nobody sees goes the whole way and is checked off',
  },
  ...accessSettings,
  ...openIdSettings,
  ...fireCommandSettings,
  ...callOutSettings,
  'log.level': { type: 'logLevel', default: 'info', description: 'error, warn, info or debug' },
  'log.format': { type: 'logFormat', default: 'text', description: 'text or json' },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingKey = keyof typeof settings;
export type SettingOrigin = 'default' | 'file' | 'environment' | 'flag';

export type Config = {
  readonly web: { readonly host: string; readonly port: number; readonly connectionsPerAddress: number };
  readonly mqtt: { readonly host: string; readonly port: number; readonly tlsPort: number };
  readonly gb26875: {
    readonly host: string;
    readonly port: number;
    readonly allow: string | undefined;
    readonly profiles: string | undefined;
  };
  readonly database: { readonly url: string | undefined };
  readonly disk: { readonly reserveMb: number | undefined };
  readonly backup: { readonly everyHours: number; readonly folder: string | undefined; readonly keep: number };
  readonly nats: { readonly url: string | undefined; readonly stream: string };
  readonly site: { readonly timeZone: string };
  readonly work: { readonly rules: string | undefined };
  readonly retention: {
    readonly rawDays: number;
    readonly minuteDays: number;
    readonly quarterDays: number;
    readonly dayDays: number;
    readonly captureDays: number;
    readonly eventDays: number;
    readonly loadHistoryDays: number;
    readonly quarantineDays: number;
  };
  readonly audit: AuditSettings;
  readonly canary: { readonly everyS: number };
  readonly access: AccessSettings;
  readonly oidc: OpenIdSettings;
  readonly fireCommand: FireCommandSettings;
  readonly callOut: CallOutSettings;
  readonly log: { readonly level: 'error' | 'warn' | 'info' | 'debug'; readonly format: 'text' | 'json' };
};

export type ConfigSources = {
  /** A JSON file with sections: `{"web":{"port":8119}}`. */
  readonly file?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags?: Readonly<Partial<Record<SettingKey, string>>>;
};

export type LoadedConfig = {
  readonly config: Config;
  readonly values: readonly {
    readonly key: SettingKey;
    readonly value: string | number | undefined;
    readonly from: SettingOrigin;
  }[];
};

/** All that is wrong with a configuration, said at once. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`configuration: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

export const environmentName = (key: SettingKey): string => `FENGSUI_${key.replace('.', '_').toUpperCase()}`;

/** Environment names that belong to commands, not to the centre's configuration. */
const OTHER_NAMES = ['FENGSUI_DATA', 'FENGSUI_DEVICE_SECRET', 'FENGSUI_CONFIG', 'FENGSUI_RUNS', 'FENGSUI_SEED'];

/** file < environment < flag; unknown keys are refused with the nearest valid one. Throws ConfigError with every problem. */
export function loadConfig({ file, environment, flags = {} }: ConfigSources): LoadedConfig {
  const problems: string[] = [];
  const found = new Map<SettingKey, { value: string | number; from: SettingOrigin }>();
  const take = (key: SettingKey, text: string | number, from: SettingOrigin, where: string): void => {
    const outcome = parseSetting(settings[key], text);
    // A wrong scheme before a password is no reason to print it.
    const shown = 'secret' in settings[key] ? 'a secret that is not shown' : JSON.stringify(text);
    if ('problem' in outcome) problems.push(`${where} is ${shown}, expected ${outcome.problem}`);
    else found.set(key, { value: outcome.value, from });
  };
  for (const [key, value] of fileEntries(file, problems)) take(key, value, 'file', `${key} in ${file}`);
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('FENGSUI_') || value === undefined || value === '') continue;
    takeEnvironment(name, value, take, problems);
  }
  for (const [key, value] of Object.entries(flags)) take(key as SettingKey, value, 'flag', `--${key}`);
  if (problems.length > 0) throw new ConfigError(problems);
  const values = (Object.keys(settings) as SettingKey[]).map((key) => {
    const { value = settings[key].default, from = 'default' as const } = found.get(key) ?? {};
    return { key, value, from };
  });
  return { values, config: nested(values) };
}

type Take = (key: SettingKey, text: string | number, from: SettingOrigin, where: string) => void;

function takeEnvironment(name: string, value: string, take: Take, problems: string[]): void {
  if (OTHER_NAMES.includes(name)) return;
  const keys = Object.keys(settings) as SettingKey[];
  const key = keys.find((candidate) => environmentName(candidate) === name);
  if (key !== undefined) return take(key, value, 'environment', name);
  const secret = keys.find(
    (candidate) => 'secret' in settings[candidate] && `${environmentName(candidate)}_FILE` === name,
  );
  if (secret === undefined) {
    const known = [...keys.map(environmentName), ...OTHER_NAMES];
    problems.push(`environment variable ${name} is unknown; did you mean ${nearestWord(name, known)}?`);
    return;
  }
  try {
    take(secret, readFileSync(value, 'utf8').trim(), 'environment', name);
  } catch (error) {
    problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function fileEntries(file: string | undefined, problems: string[]): [SettingKey, string | number][] {
  if (file === undefined) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    problems.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    problems.push(`${file}: expected a JSON object of sections`);
    return [];
  }
  const entries: [SettingKey, string | number][] = [];
  for (const [section, body] of Object.entries(parsed as Record<string, unknown>)) {
    if (typeof body !== 'object' || body === null) {
      problems.push(`${section} in ${file}: expected a section, as in {"web":{"port":8119}}`);
      continue;
    }
    for (const [name, value] of Object.entries(body as Record<string, unknown>)) {
      const key = `${section}.${name}`;
      if (!Object.hasOwn(settings, key)) {
        problems.push(`${key} in ${file} is unknown; did you mean ${nearestWord(key, Object.keys(settings))}?`);
      } else if (typeof value !== 'string' && typeof value !== 'number') {
        problems.push(`${key} in ${file}: expected a string or a number`);
      } else {
        entries.push([key as SettingKey, value]);
      }
    }
  }
  return entries;
}

function parseSetting(
  { type, range: [least, most] = [0, Number.MAX_SAFE_INTEGER] }: Setting,
  text: string | number,
): { readonly value: string | number } | { readonly problem: string } {
  const oneOf = (...words: string[]) =>
    words.includes(String(text)) ? { value: text } : { problem: `one of ${words.join(', ')}` };
  switch (type) {
    case 'port': {
      const port = Number(text);
      const isPort = String(text).trim() !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535;
      return isPort ? { value: port } : { problem: 'a port from 0 (any free one) to 65535' };
    }
    case 'count': {
      const count = Number(text);
      const isCount = String(text).trim() !== '' && Number.isInteger(count) && count >= least && count <= most;
      return isCount ? { value: count } : { problem: `a whole number from ${least} to ${most}` };
    }
    case 'string':
      return typeof text === 'string' && text !== '' ? { value: text } : { problem: 'a text' };
    case 'logLevel':
      return oneOf('error', 'warn', 'info', 'debug');
    case 'logFormat':
      return oneOf('text', 'json');
    case 'syslogUrl':
      return hasScheme(text, ['tcp:', 'tls:', 'udp:'])
        ? { value: text }
        : { problem: 'tls://, tcp:// or udp:// with host and port' };
    case 'smtpUrl':
      return hasScheme(text, ['smtp:', 'smtps:'])
        ? { value: text }
        : { problem: 'smtp:// or smtps:// with host and port' };
    case 'httpUrl':
      return hasScheme(text, ['http:', 'https:'])
        ? { value: text }
        : { problem: 'an address with http:// or https://' };
    case 'passwordProfile':
      return oneOf(...passwordProfileNames);
    case 'secondFactor':
      return oneOf(...secondFactorRules);
    case 'openIdFactor':
      return oneOf(...openIdFactorRules);
    case 'fireMessageFormat':
      return oneOf(...fireMessageFormats);
    case 'timeZone':
      try {
        new Intl.DateTimeFormat('en', { timeZone: String(text) });
        return { value: text };
      } catch {
        return { problem: 'an IANA time zone such as Asia/Shanghai' };
      }
  }
}

function hasScheme(text: string | number, schemes: readonly string[]): boolean {
  const url = URL.parse(String(text));
  if (url === null || !schemes.includes(url.protocol) || url.hostname === '') return false;
  // Those of HTTP are known.
  return url.port !== '' || url.protocol.startsWith('http');
}

function nested(values: LoadedConfig['values']): Config {
  const sections: Record<string, Record<string, unknown>> = {};
  for (const { key, value } of values) {
    const [section = '', name = ''] = key.split('.');
    sections[section] = { ...sections[section], [name]: value };
  }
  // Every key of `settings` is there and was checked by its type.
  return sections as unknown as Config;
}
