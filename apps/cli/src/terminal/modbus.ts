import { parseArgs } from 'node:util';
import {
  decodeBlock,
  loadRegisterMap,
  ModbusFailure,
  modbusTables,
  openModbusLink,
  readPlan,
  shippedMapIds,
  wordsOfAddress,
  type BusAddress,
  type ModbusLink,
  type ModbusTable,
} from '@fengsui/terminal';
import { UsageError } from '../command.ts';

export const modbusUsage = [
  'fengsui terminal modbus maps                                    # register maps that come with the product',
  'fengsui terminal modbus try MAP --tcp HOST:502 --unit 1         # read a whole map: MAP is an id or a .json file',
  'fengsui terminal modbus read --serial /dev/ttyUSB0:9600,none,1 --unit 1 --table holding --address 0x0190 --count 4',
  'fengsui terminal modbus scan --rtu-over-tcp HOST:4001 --units 1-32   # who answers; --table --address: what is asked for',
  'with --timeout MS and --json; 1 when a value of the map is missing, or nobody answers',
].join('\n');

type Bus = { readonly link: ModbusLink; readonly words: string };

/** `fengsui terminal modbus …` */
export async function modbusCommand([action, ...args]: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      tcp: { type: 'string' },
      'rtu-over-tcp': { type: 'string' },
      serial: { type: 'string' },
      unit: { type: 'string' },
      units: { type: 'string' },
      table: { type: 'string' },
      address: { type: 'string' },
      count: { type: 'string' },
      timeout: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  if (action === 'maps') return listMaps(values.json === true);
  if (action !== 'try' && action !== 'read' && action !== 'scan') {
    throw new UsageError(`terminal modbus ${action ?? ''}: expected maps, try, read or scan`);
  }
  const address = addressOf(values);
  const timeoutMs = numberOf('--timeout', values.timeout, 50, 10_000) ?? (action === 'scan' ? 200 : 1000);
  const unit = numberOf('--unit', values.unit, 0, 255) ?? 1;
  const table = tableOf(values.table);
  const from = numberOf('--address', values.address, 0, 65_535) ?? 0;
  const count = numberOf('--count', values.count, 1, 125) ?? 1;
  const [mapName] = positionals;
  if (action === 'try' && mapName === undefined) throw new UsageError('terminal modbus try: expected a map');
  const units = action === 'scan' ? unitsOf(values.units) : [];
  const bus = { link: openModbusLink(address, { timeoutMs }), words: wordsOfAddress(address) };
  try {
    if (action === 'try') return await tryMap(bus, mapName ?? '', unit, values.json === true);
    if (action === 'scan') return await scan(bus, units, { table, address: from }, values.json === true);
    return await read(bus, { unit, table, address: from, count }, values.json === true);
  } finally {
    await bus.link.close();
  }
}

function listMaps(isJson: boolean): number {
  const maps = shippedMapIds().map(loadRegisterMap);
  if (isJson) {
    console.log(JSON.stringify(maps.map(({ id, name, document, verifiedOn }) => ({ id, name, document, verifiedOn }))));
    return 0;
  }
  for (const { id, name, document, verifiedOn } of maps) {
    const tried = verifiedOn === 'none' ? 'not tried on a real device' : `tried on ${verifiedOn.join(', ')}`;
    console.log(`${id.padEnd(20)} ${name}; ${tried}\n${' '.repeat(21)}${document.title}, ${document.version}`);
  }
  return 0;
}

type Tried = { readonly name: string; readonly value?: number; readonly active?: boolean; readonly problem?: string };

async function tryMap({ link, words }: Bus, mapName: string, unit: number, isJson: boolean): Promise<number> {
  const map = loadRegisterMap(mapName);
  const tried: Tried[] = [];
  let requests = 0;
  const startedAt = performance.now();
  for (const block of readPlan(map)) {
    requests += 1;
    const names = [...block.registers.map(({ point }) => point), ...block.states.map(({ name }) => name)];
    try {
      const answer = await link.read({ unit, table: block.table, address: block.address, count: block.count });
      const { values, states } = decodeBlock(map, block, answer);
      for (const [name, value] of values) {
        tried.push('value' in value ? { name, value: value.value } : { name, problem: value.bad });
      }
      for (const { state, isActive } of states) tried.push({ name: state.name, active: isActive });
    } catch (error) {
      const problem = `${block.table} ${block.address}, ${block.count}: ${wordsOf(error)}`;
      tried.push(...names.map((name) => ({ name, problem })));
    }
  }
  const elapsedMs = Math.round(performance.now() - startedAt);
  const missing = tried.filter(({ problem }) => problem !== undefined).length;
  if (isJson) console.log(JSON.stringify({ map: map.id, unit, requests, elapsedMs, missing, values: tried }));
  else {
    for (const { name, value, active, problem } of tried) {
      console.log(`${name.padEnd(24)} ${problem === undefined ? String(value ?? active) : `– ${problem}`}`);
    }
    console.error(
      `${map.name}, unit ${unit} at ${words}: ${tried.length - missing} of ${tried.length}, ${requests} requests, ${elapsedMs} ms`,
    );
  }
  return missing === 0 ? 0 : 1;
}

async function read(
  { link, words }: Bus,
  request: Parameters<ModbusLink['read']>[0],
  isJson: boolean,
): Promise<number> {
  let answer: readonly number[];
  try {
    answer = await link.read(request);
  } catch (error) {
    throw new Error(`unit ${request.unit} at ${words}: ${wordsOf(error)}`, { cause: error });
  }
  if (isJson) console.log(JSON.stringify({ ...request, values: answer }));
  else {
    answer.forEach((word, index) => {
      const at = request.address + index;
      console.log(`${at}  0x${at.toString(16).padStart(4, '0')}  ${word}  0x${word.toString(16).padStart(4, '0')}`);
    });
  }
  return 0;
}

async function scan(
  { link, words }: Bus,
  units: readonly number[],
  { table, address }: { readonly table: ModbusTable; readonly address: number },
  isJson: boolean,
): Promise<number> {
  const found: { unit: number; answer: string }[] = [];
  for (const unit of units) {
    try {
      const [value] = await link.read({ unit, table, address, count: 1 });
      found.push({ unit, answer: String(value) });
    } catch (error) {
      if (!(error instanceof ModbusFailure)) throw error;
      if (error.reason === 'notConnected') throw new Error(`${words}: ${error.message}`, { cause: error });
      // A refusal is an answer; that of a gateway for a silent device is none.
      const isGateway = error.exceptionCode === 10 || error.exceptionCode === 11;
      if (error.reason === 'exception' && !isGateway) found.push({ unit, answer: error.message });
      else if (error.reason === 'garbled') found.push({ unit, answer: error.message });
    }
  }
  if (isJson) console.log(JSON.stringify({ table, address, asked: units.length, found }));
  else for (const { unit, answer } of found) console.log(`unit ${unit}  ${table} ${address}: ${answer}`);
  console.error(`${found.length} of ${units.length} units answer at ${words}`);
  return found.length > 0 ? 0 : 1;
}

function wordsOf(error: unknown): string {
  return error instanceof ModbusFailure ? `${error.reason}: ${error.message}` : String(error);
}

function addressOf(values: { readonly [name: string]: string | boolean | undefined }): BusAddress {
  const given = ['tcp', 'rtu-over-tcp', 'serial'].filter((way) => values[way] !== undefined);
  const [way] = given;
  if (way === undefined || given.length > 1) {
    throw new UsageError(
      'expected one of --tcp HOST:PORT, --rtu-over-tcp HOST:PORT, --serial PATH[:BAUD,PARITY,STOPBITS]',
    );
  }
  const text = String(values[way]);
  if (way === 'serial') {
    const [, path, baud = '9600', parity = 'none', stop = '1'] =
      /^(.+?)(?::(\d+)(?:,(none|even|odd))?(?:,([12]))?)?$/.exec(text) ?? [];
    if (path === undefined) throw new UsageError(`--serial ${text}: expected PATH:BAUD,PARITY,STOPBITS`);
    return {
      kind: 'serial',
      path,
      baudRate: Number(baud),
      parity: parity as 'none' | 'even' | 'odd',
      stopBits: stop === '2' ? 2 : 1,
    };
  }
  const [, host, port = '502'] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text) ?? [];
  if (host === undefined || !(Number(port) >= 1 && Number(port) <= 65_535)) {
    throw new UsageError(`--${way} ${text}: expected HOST:PORT`);
  }
  return { kind: way === 'tcp' ? 'tcp' : 'rtuOverTcp', host: host.replaceAll(/[[\]]/g, ''), port: Number(port) };
}

function tableOf(text = 'holding'): ModbusTable {
  const table = modbusTables.find((candidate) => candidate === text);
  if (table === undefined) throw new UsageError(`--table ${text}: expected one of ${modbusTables.join(', ')}`);
  return table;
}

/** `1-8,17` → 1 … 8, 17. */
function unitsOf(text = '1-247'): readonly number[] {
  return text.split(',').flatMap((part) => {
    const [, from = NaN, to = from] = (/^(\d+)(?:-(\d+))?$/.exec(part) ?? []).map((value) => Number(value ?? NaN));
    const last = Number.isNaN(to) ? from : to;
    if (!(from >= 0 && from <= last && last <= 255))
      throw new UsageError(`--units ${text}: expected units such as 1-32,40`);
    return Array.from({ length: last - from + 1 }, (_, index) => from + index);
  });
}

function numberOf(option: string, text: string | undefined, low: number, high: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : NaN;
  if (value >= low && value <= high) return value;
  throw new UsageError(`${option} ${text}: expected a whole number from ${low} to ${high}`);
}
