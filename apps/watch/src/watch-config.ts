import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Another host than the centre: when neither answers, the network of the watcher itself is down. */
export type OtherTarget = { readonly host: string; readonly port: number };

export type WebhookChannel = {
  readonly kind: 'webhook';
  readonly url: URL;
  /** Signs each call; see docs/guides/watch.md. */
  readonly secret: string;
  /** PEM of the authority that signed the receiver's certificate, when it is none of the public ones. */
  readonly ca?: string;
};

export type MailChannel = {
  readonly kind: 'mail';
  readonly host: string;
  readonly port: number;
  /** `startTls` refuses a server that does not offer it; `none` is for a mail server on this machine or network. */
  readonly security: 'tls' | 'startTls' | 'none';
  readonly user?: string;
  readonly password?: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly ca?: string;
};

export type Channel = WebhookChannel | MailChannel;

export type WatchConfig = {
  /** Of the centre, in messages. */
  readonly name: string;
  readonly centre: URL;
  readonly ca?: string;
  readonly everyS: number;
  readonly timeoutS: number;
  /** A canary that came through longer ago than this: the centre stands still. */
  readonly canaryAgeS: number;
  readonly remindMinutes: number;
  readonly otherTarget?: OtherTarget;
  readonly channels: readonly Channel[];
  readonly stateFile: string;
};

/** All that is wrong with the file, said at once. */
export class WatchConfigError extends Error {
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super(`${file}: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/**
 * From the start of a stop to the call: two looks (`everyS` + `timeoutS` each) or `canaryAgeS` and one look. What is
 * outside these ranges would call later than 120 s after it, or would ask more often than it helps.
 */
const NUMBERS = {
  everyS: { default: 15, least: 1, most: 15 },
  timeoutS: { default: 10, least: 1, most: 20 },
  canaryAgeS: { default: 100, least: 3, most: 100 },
  remindMinutes: { default: 30, least: 1, most: 1_440 },
} as const;

const KEYS = ['name', 'centre', 'caFile', 'otherTarget', 'webhooks', 'mail', 'stateFile', ...Object.keys(NUMBERS)];
const WEBHOOK_KEYS = ['url', 'secretFile', 'caFile'];
const MAIL_KEYS = ['host', 'port', 'security', 'user', 'passwordFile', 'from', 'to', 'caFile'];
const SHORTEST_SECRET = 16;

/**
 * Paths in the file are relative to its folder. Throws WatchConfigError with every problem.
 *
 * @param stateFolder where the state is kept when the file does not say: a service may not write beside its settings.
 */
export function readWatchConfig(file: string, stateFolder?: string): WatchConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new WatchConfigError(file, [error instanceof Error ? error.message : String(error)]);
  }
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new WatchConfigError(file, [`is not JSON: ${error instanceof Error ? error.message : ''}`]);
  }
  const reader = new Reader(path.dirname(path.resolve(file)));
  const config = reader.config(given, path.join(stateFolder ?? path.dirname(path.resolve(file)), path.basename(file)));
  if (reader.problems.length > 0) throw new WatchConfigError(file, reader.problems);
  return config;
}

type Fields = Readonly<Record<string, unknown>>;

class Reader {
  readonly problems: string[] = [];
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  config(given: unknown, file: string): WatchConfig {
    const fields = this.#fields(given, 'the file', KEYS);
    const centre = this.#url(fields, 'centre', 'centre');
    const ca = this.#pem(fields, 'caFile', 'caFile');
    const otherTarget = this.#otherTarget(fields['otherTarget']);
    const channels: Channel[] = [
      ...this.#list(fields['webhooks'], 'webhooks').map((entry, index) => this.#webhook(entry, `webhooks[${index}]`)),
      ...(fields['mail'] === undefined ? [] : [this.#mail(fields['mail'])]),
    ];
    if (channels.length === 0) this.problems.push('whom to call? name webhooks or mail');
    const number = (name: keyof typeof NUMBERS): number => this.#number(fields, name);
    return {
      name: fields['name'] === undefined ? centre.host : this.#text(fields, 'name', 'name'),
      centre,
      ...(ca !== undefined && { ca }),
      everyS: number('everyS'),
      timeoutS: number('timeoutS'),
      canaryAgeS: number('canaryAgeS'),
      remindMinutes: number('remindMinutes'),
      ...(otherTarget !== undefined && { otherTarget }),
      channels,
      stateFile:
        fields['stateFile'] === undefined
          ? `${file.replace(/[.]json$/, '')}.state.json`
          : path.resolve(this.#folder, this.#text(fields, 'stateFile', 'stateFile')),
    };
  }

  #webhook(given: unknown, where: string): WebhookChannel {
    const fields = this.#fields(given, where, WEBHOOK_KEYS);
    const secret = this.#secret(fields, 'secretFile', `${where}.secretFile`);
    if (secret !== undefined && secret.length < SHORTEST_SECRET)
      this.problems.push(`${where}.secretFile holds ${secret.length} characters, expected ${SHORTEST_SECRET} or more`);
    const ca = this.#pem(fields, 'caFile', `${where}.caFile`);
    const url = this.#url(fields, 'url', `${where}.url`);
    if (secret === undefined && fields['secretFile'] === undefined)
      this.problems.push(`${where}.secretFile is missing: the file with the secret that signs the calls`);
    return { kind: 'webhook', url, secret: secret ?? '', ...(ca !== undefined && { ca }) };
  }

  #mail(given: unknown): MailChannel {
    const fields = this.#fields(given, 'mail', MAIL_KEYS);
    const { security = 'startTls', port = security === 'tls' ? 465 : security === 'none' ? 25 : 587 } = fields;
    if (security !== 'tls' && security !== 'startTls' && security !== 'none')
      this.problems.push(`mail.security is ${JSON.stringify(security)}, expected tls, startTls or none`);
    if (!isPort(port)) this.problems.push(`mail.port is ${JSON.stringify(port)}, expected a port from 1 to 65535`);
    const to = this.#list(fields['to'], 'mail.to').filter((entry) => typeof entry === 'string' && isAddress(entry));
    if (to.length === 0 || to.length !== this.#list(fields['to'], 'mail.to').length)
      this.problems.push('mail.to: expected a list of addresses');
    const user = fields['user'] === undefined ? undefined : this.#text(fields, 'user', 'mail.user');
    const password = this.#secret(fields, 'passwordFile', 'mail.passwordFile');
    if ((user === undefined) !== (fields['passwordFile'] === undefined))
      this.problems.push('mail.user and mail.passwordFile belong together');
    if (user !== undefined && security === 'none')
      this.problems.push('mail.security none would send the password in the clear: use tls or startTls');
    const ca = this.#pem(fields, 'caFile', 'mail.caFile');
    const from = this.#text(fields, 'from', 'mail.from');
    if (from !== '' && !isAddress(from)) this.problems.push(`mail.from is ${from}, expected an address`);
    return {
      kind: 'mail',
      host: this.#text(fields, 'host', 'mail.host'),
      port: Number(port),
      security: security === 'tls' || security === 'none' ? security : 'startTls',
      ...(user !== undefined && { user }),
      ...(password !== undefined && { password }),
      from,
      to: to as readonly string[],
      ...(ca !== undefined && { ca }),
    };
  }

  #otherTarget(given: unknown): OtherTarget | undefined {
    if (given === undefined) return undefined;
    const match = typeof given === 'string' ? /^(?:tcp:\/\/)?([^/]+):(\d{1,5})$/.exec(given) : null;
    const [, host = '', port = ''] = match ?? [];
    if (!isPort(Number(port))) {
      this.problems.push(
        `otherTarget is ${JSON.stringify(given)}, expected HOST:PORT, such as the router's 192.168.1.1:443`,
      );
      return undefined;
    }
    return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
  }

  #number(fields: Fields, name: keyof typeof NUMBERS): number {
    const { default: usual, least, most } = NUMBERS[name];
    const { [name]: value = usual } = fields;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    this.problems.push(`${name} is ${JSON.stringify(value)}, expected a number from ${least} to ${most}`);
    return usual;
  }

  #url(fields: Fields, key: string, where: string): URL {
    try {
      const url = new URL(String(fields[key]));
      if (url.protocol === 'http:' || url.protocol === 'https:') return url;
    } catch {
      // Said below.
    }
    this.problems.push(
      `${where} is ${JSON.stringify(fields[key])}, expected an address such as https://centre.example:8119`,
    );
    return new URL('http://invalid');
  }

  #text(fields: Fields, key: string, where: string): string {
    const { [key]: value } = fields;
    if (typeof value === 'string' && value.trim() !== '') return value;
    this.problems.push(`${where} is ${JSON.stringify(value)}, expected a text`);
    return '';
  }

  #pem(fields: Fields, key: string, where: string): string | undefined {
    const text = this.#secret(fields, key, where);
    if (text !== undefined && !text.includes('-----BEGIN CERTIFICATE-----'))
      this.problems.push(`${where}: ${String(fields[key])} holds no certificate (PEM)`);
    return text;
  }

  #secret(fields: Fields, key: string, where: string): string | undefined {
    const { [key]: name } = fields;
    if (name === undefined) return undefined;
    try {
      return readFileSync(path.resolve(this.#folder, `${name as string}`), 'utf8').trim();
    } catch (error) {
      this.problems.push(`${where}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  #list(given: unknown, where: string): readonly unknown[] {
    if (given === undefined) return [];
    if (Array.isArray(given)) return given as readonly unknown[];
    this.problems.push(`${where}: expected a list`);
    return [];
  }

  #fields(given: unknown, where: string, known: readonly string[]): Fields {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      this.problems.push(`${where}: expected an object`);
      return {};
    }
    for (const key of Object.keys(given))
      if (!known.includes(key)) this.problems.push(`${where}: ${key} is unknown; expected ${known.join(', ')}`);
    return given as Fields;
  }
}

const isPort = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;
/** What a mail server judges for itself; here only what could break out of a header or a command. */
const isAddress = (text: string): boolean => /^[^\s<>,;"]+@[^\s<>,;"]+$/.test(text);
