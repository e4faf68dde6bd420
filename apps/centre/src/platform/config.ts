import { readFileSync } from 'node:fs';
import { nearestWord } from './nearest-word.ts';

type Setting = {
  readonly type: 'port' | 'string' | 'logLevel' | 'logFormat' | 'timeZone';
  readonly default: string | number | undefined;
  readonly description: string;
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
  'site.timeZone': { type: 'timeZone', default: 'Asia/Shanghai', description: 'IANA time zone in which a day begins' },
  'work.rules': {
    type: 'string',
    default: undefined,
    description: 'file of rules for work orders (JSON): when a fault opens one, when it is due, when a repair counts',
  },
  'log.level': { type: 'logLevel', default: 'info', description: 'error, warn, info or debug' },
  'log.format': { type: 'logFormat', default: 'text', description: 'text or json' },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingKey = keyof typeof settings;
export type SettingOrigin = 'default' | 'file' | 'environment' | 'flag';

export type Config = {
  readonly web: { readonly host: string; readonly port: number };
  readonly mqtt: { readonly host: string; readonly port: number; readonly tlsPort: number };
  readonly gb26875: {
    readonly host: string;
    readonly port: number;
    readonly allow: string | undefined;
    readonly profiles: string | undefined;
  };
  readonly database: { readonly url: string | undefined };
  readonly site: { readonly timeZone: string };
  readonly work: { readonly rules: string | undefined };
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
/** Doors of later versions: known, so that one environment serves several versions; without effect here. */
const LATER_NAMES = ['FENGSUI_NATS_URL'];

/** file < environment < flag; unknown keys are refused with the nearest valid one. Throws ConfigError with every problem. */
export function loadConfig({ file, environment, flags = {} }: ConfigSources): LoadedConfig {
  const problems: string[] = [];
  const found = new Map<SettingKey, { value: string | number; from: SettingOrigin }>();
  const take = (key: SettingKey, text: string | number, from: SettingOrigin, where: string): void => {
    const outcome = parseSetting(settings[key], text);
    if ('problem' in outcome) problems.push(`${where} is ${JSON.stringify(text)}, expected ${outcome.problem}`);
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
  if (OTHER_NAMES.includes(name) || LATER_NAMES.includes(name)) return;
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
  { type }: Setting,
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
    case 'string':
      return typeof text === 'string' && text !== '' ? { value: text } : { problem: 'a text' };
    case 'logLevel':
      return oneOf('error', 'warn', 'info', 'debug');
    case 'logFormat':
      return oneOf('text', 'json');
    case 'timeZone':
      try {
        new Intl.DateTimeFormat('en', { timeZone: String(text) });
        return { value: text };
      } catch {
        return { problem: 'an IANA time zone such as Asia/Shanghai' };
      }
  }
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
