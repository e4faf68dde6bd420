import { once } from 'node:events';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import {
  ApiClient,
  ApiRegistrar,
  TruthWriter,
  faultNames,
  parseFaults,
  planFleet,
  registerFleet,
  simulate,
  type FleetOptions,
  type Registrar,
} from '@fengsui/fleet';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';
import { runVerify } from './simulate-verify.ts';

const usage = [
  'fengsui simulate --devices 200 --rate 200 --duration 60 --token T --truth run.ndjson',
  'fengsui simulate --devices 50000 --connections 500 --rate 2000 --fault storm=30,duplicates,lostAcks --token T --truth run.ndjson',
  'fengsui simulate verify --truth run.ndjson --token T',
  '',
  'A fleet of devices against any centre, and the comparison of what was sent with what the centre has.',
  '--devices N           default 100       --rate R         reports a second of all together, default 10',
  '--duration SECONDS    default: until SIGINT',
  '--connections C       fewer than devices: C gateways, the devices behind them; default: one each',
  '--protocol P          mqtt (default) or gb26875: transmission devices, one connection each',
  '--centre URL          default mqtt://127.0.0.1:1883 (mqtts:// with TLS); of gb26875 tcp://127.0.0.1:5200',
  '--api URL             default http://127.0.0.1:8119',
  '--token T             or FENGSUI_TOKEN: registers what is missing (systemAdmin; technician with --venue);',
  '                      without it: at the centre of this machine (--data DIR)',
  '--truth FILE          ground truth, must not exist yet; default fleet-SECONDS.ndjson',
  '--prefix TEXT         begins all ids, default sim     --venue ID     one venue for all',
  '--alarming SHARE      of the devices, default 0.05    --window N     unacknowledged per connection, default 32; gateways 256, gb26875 4',
  `--fault NAME[=X],…    ${Object.entries(faultNames)
    .map(([name, [, usual]]) => `${name}=${usual}`)
    .join(' ')} all`,
  '--seed S              the same seed plays the same fleet, default 1',
  'verify: --truth FILE  --api URL  --token T  --settle SECONDS (30)  --late SECONDS (10); exit 0 when nothing is lost,',
  '        doubled, unexpected, missing or false.',
].join('\n');

export const simulateCommand: Command = {
  usage,
  async run(args) {
    return args[0] === 'verify' ? runVerify(args.slice(1)) : runSimulate(args);
  },
};

async function runSimulate(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      devices: { type: 'string', default: '100' },
      rate: { type: 'string', default: '10' },
      duration: { type: 'string' },
      connections: { type: 'string' },
      protocol: { type: 'string', default: 'mqtt' },
      centre: { type: 'string' },
      api: { type: 'string', default: 'http://127.0.0.1:8119' },
      token: { type: 'string' },
      data: { type: 'string' },
      truth: { type: 'string' },
      prefix: { type: 'string', default: 'sim' },
      venue: { type: 'string' },
      alarming: { type: 'string', default: '0.05' },
      window: { type: 'string' },
      fault: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string', default: '1' },
    },
  });
  const { protocol } = values;
  const isGb = protocol === 'gb26875';
  if (protocol !== 'mqtt' && protocol !== 'gb26875')
    throw new UsageError(`--protocol ${protocol}: expected mqtt or gb26875`);
  const deviceCount = number('--devices', values.devices, 1, 1_000_000, true);
  const connectionCount = number('--connections', values.connections ?? values.devices, 1, deviceCount, true);
  if (!/^[A-Za-z0-9._-]{1,48}$/.test(values.prefix))
    throw new UsageError(`--prefix ${values.prefix}: expected 1 to 48 of A-Z a-z 0-9 . _ -`);
  const options: FleetOptions = {
    protocol,
    prefix: values.prefix,
    deviceCount,
    connectionCount,
    faults: faultsOf(values.fault),
    seed: number('--seed', values.seed, 0, 0xffff_ffff, true),
    ratePerS: number('--rate', values.rate, 0.001, 1_000_000),
    alarming: number('--alarming', values.alarming, 0, 1),
    ...(values.duration !== undefined && { durationS: number('--duration', values.duration, 0.1, 31_536_000) }),
  };
  const window = number(
    '--window',
    values.window ?? (connectionCount < deviceCount ? '256' : isGb ? '4' : '32'),
    1,
    60_000,
    true,
  );
  if (isGb && (connectionCount < deviceCount || options.faults.skew > 0))
    throw new UsageError('gb26875: every device has a connection of its own, and fault skew is for mqtt: all,skew=0');
  const centre = isGb
    ? url('--centre', values.centre ?? 'tcp://127.0.0.1:5200', ['tcp:'])
    : url('--centre', values.centre ?? 'mqtt://127.0.0.1:1883', ['mqtt:', 'mqtts:']);
  const api = url('--api', values.api, ['http:', 'https:']);
  const token = values.token ?? process.env['FENGSUI_TOKEN'];
  const registrar = token === undefined ? localRegistrar(values.data) : new ApiRegistrar(new ApiClient(api, token));
  const log = (words: string): void => console.error(words);
  const plan = planFleet(options);
  const startedAt = Date.now();
  const path = values.truth ?? `fleet-${Math.floor(startedAt / 1000)}.ndjson`;
  if (existsSync(path)) throw new UsageError(`--truth ${path} exists already`);
  let truth: TruthWriter | undefined;
  const stop = new AbortController();
  const onSignal = (): void => {
    // The second time somebody means it.
    if (stop.signal.aborted) process.exit(130);
    log('stopping: waiting for what is on its way');
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  try {
    const secrets = await Promise.race([
      registerFleet(plan, registrar, values.venue, log),
      once(stop.signal, 'abort').then(() => undefined),
    ]);
    if (secrets === undefined) return 1;
    truth = new TruthWriter(path);
    const result = await simulate({ plan, centre, secrets, truth, window, startedAt, log, stopped: stop.signal });
    const seconds = Math.max(0.001, result.durationMs / 1000);
    const ratePerS = Math.round((10 * result.acknowledged) / seconds) / 10;
    console.log(
      JSON.stringify({ devices: deviceCount, connections: connectionCount, truth: path, ratePerS, ...result }),
    );
    return result.unacknowledged === 0 && result.refused === 0 ? 0 : 1;
  } finally {
    truth?.close();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  }
}

/** At the centre of this machine, as `fengsui import` does it. */
function localRegistrar(data: string | undefined): Registrar {
  return {
    hasVenue: async (id) => {
      const sheets = await administer(data, 'exportRegistry', { language: 'en' });
      return sheets.find(({ name }) => name === 'venues')?.rows.some(({ cells }) => cells[0] === id) ?? false;
    },
    import: (sheets) => {
      const files = Object.entries(sheets).map(([sheet, text]) => ({
        name: `${sheet}.csv`,
        base64: Buffer.from(text).toString('base64'),
      }));
      return administer(data, 'importRegistry', { files, preview: false });
    },
    renew: async (id) => (await administer(data, 'renewSecret', { id })).secret,
  };
}

function faultsOf(texts: readonly string[]): FleetOptions['faults'] {
  try {
    return parseFaults(texts);
  } catch (error) {
    throw new UsageError(`--${(error as Error).message}`);
  }
}

function number(name: string, text: string, least: number, most: number, isWhole = false): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most && (!isWhole || Number.isInteger(value))) return value;
  throw new UsageError(`${name} ${text}: expected a ${isWhole ? 'whole ' : ''}number ${least} to ${most}`);
}

function url(name: string, text: string, protocols: readonly string[]): URL {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed !== undefined && parsed.hostname !== '' && protocols.includes(parsed.protocol)) return parsed;
  throw new UsageError(`${name} ${text}: expected ${protocols.map((each) => `${each}//host:port`).join(' or ')}`);
}
