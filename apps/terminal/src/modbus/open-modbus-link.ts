import { setTimeout as delay } from 'node:timers/promises';
import modbusSerial from 'modbus-serial';
import { ModbusFailure, wordsOfException, type ModbusLink, type ModbusRead } from './modbus-link.ts';

/** How a bus is reached. RTU over TCP: a gateway that passes the bytes of the serial line through. */
export type BusAddress =
  | { readonly kind: 'tcp' | 'rtuOverTcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'serial';
      readonly path: string;
      readonly baudRate: number;
      readonly parity: 'none' | 'even' | 'odd';
      readonly stopBits: 1 | 2;
    };

export type ModbusLinkOptions = {
  /** For an answer; default 1000 ms. */
  readonly timeoutMs?: number;
  /** Before a connection that failed is tried again by a read: 1 s, doubled up to this; default 30 s. */
  readonly longestBackOffMs?: number;
};

type ModbusRTU = InstanceType<typeof modbusSerial.default>;

const TIMEOUT_MS = 1000;
const LONGEST_BACK_OFF_MS = 30_000;
const CONNECT_TIMEOUT_MS = 3000;
/** Silent requests in a row after which a connection is made anew: bytes of a broken answer may stand before the next. */
const SILENT_REQUESTS = 2;
/**
 * On a serial line an answer has no number: one that comes after its time-out must not pass for that of the next request.
 */
const LATE_ANSWER_MS = 250;

type Job = { readonly run: () => Promise<void>; readonly fail: (error: Error) => void };

/** Opens nothing yet: the first request connects. */
export function openModbusLink(address: BusAddress, options: ModbusLinkOptions = {}): ModbusLink {
  const { timeoutMs = TIMEOUT_MS, longestBackOffMs = LONGEST_BACK_OFF_MS } = options;
  const urgent: Job[] = [];
  const waiting: Job[] = [];
  let client: ModbusRTU | undefined;
  let isBusy = false;
  let isClosed = false;
  let silentRequests = 0;
  let failedConnects = 0;
  let connectAgainAt = -Infinity;
  let lastRefusal = '';

  async function connected(isUrgent: boolean): Promise<ModbusRTU> {
    if (client?.isOpen === true) return client;
    await drop();
    if (!isUrgent && performance.now() < connectAgainAt) throw new ModbusFailure('notConnected', lastRefusal);
    const fresh = new modbusSerial.default();
    // Without a listener an error of the port would end the process.
    fresh.on('error', () => undefined);
    try {
      await within(connect(fresh, address), CONNECT_TIMEOUT_MS, 'no connection within 3 s');
    } catch (error) {
      destroy(fresh);
      failedConnects += 1;
      connectAgainAt = performance.now() + Math.min(longestBackOffMs, 500 * 2 ** Math.min(failedConnects, 10));
      lastRefusal = `${wordsOfAddress(address)}: ${wordsOfError(error)}`;
      throw new ModbusFailure('notConnected', lastRefusal);
    }
    failedConnects = 0;
    silentRequests = 0;
    fresh.setTimeout(timeoutMs);
    client = fresh;
    return fresh;
  }

  async function drop(): Promise<void> {
    const old = client;
    client = undefined;
    if (old === undefined) return;
    if (address.kind === 'serial')
      await within(old.close() as unknown as Promise<void>, 1000, '').catch(() => undefined);
    else destroy(old);
  }

  async function request<Answer>(
    unit: number,
    isUrgent: boolean,
    ask: (to: ModbusRTU) => Promise<Answer>,
  ): Promise<Answer> {
    const to = await connected(isUrgent);
    to.setID(unit);
    try {
      // The library's own time-out ends before ours, which is for what it forgets.
      const answer = await within(ask(to), timeoutMs + 500, 'no answer');
      silentRequests = 0;
      return answer;
    } catch (error) {
      const failure = failureOf(error, timeoutMs);
      if (failure.reason === 'exception') silentRequests = 0;
      else await recover(failure);
      throw failure;
    }
  }

  async function recover(failure: ModbusFailure): Promise<void> {
    silentRequests += 1;
    if (address.kind === 'serial') {
      // A line that is gone (an adapter pulled out) is opened anew; else it falls silent before the next request.
      if (failure.reason === 'notConnected') await drop();
      else await delay(Math.min(LATE_ANSWER_MS, timeoutMs));
    } else if (address.kind === 'rtuOverTcp' || failure.reason !== 'timeout' || silentRequests >= SILENT_REQUESTS) {
      await drop();
    }
  }

  function enqueue<Answer>(queue: Job[], run: () => Promise<Answer>): Promise<Answer> {
    if (isClosed) return Promise.reject(new ModbusFailure('notConnected', 'the bus was closed'));
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    queue.push({ run: () => run().then(resolve, reject), fail: reject });
    void work();
    return promise;
  }

  async function work(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (let job = urgent.shift() ?? waiting.shift(); job !== undefined; job = urgent.shift() ?? waiting.shift()) {
      await job.run();
    }
    isBusy = false;
  }

  const readNow = (read: ModbusRead, isUrgent: boolean): Promise<readonly number[]> =>
    request(read.unit, isUrgent, async (to) => {
      const { address: from, count, table } = read;
      switch (table) {
        case 'coil':
          return (await to.readCoils(from, count)).data.slice(0, count).map(Number);
        case 'discrete':
          return (await to.readDiscreteInputs(from, count)).data.slice(0, count).map(Number);
        case 'holding':
          return (await to.readHoldingRegisters(from, count)).data;
        case 'input':
          return (await to.readInputRegisters(from, count)).data;
      }
    });

  return {
    read: (read) => enqueue(waiting, () => readNow(read, false)),
    readUrgently: (read) => enqueue(urgent, () => readNow(read, true)),
    writeCoil: (unit, at, on) =>
      enqueue(urgent, () =>
        request(unit, true, async (to) => {
          await to.writeCoil(at, on);
        }),
      ),
    async close() {
      isClosed = true;
      for (const job of [...urgent.splice(0), ...waiting.splice(0)]) {
        job.fail(new ModbusFailure('notConnected', 'the bus was closed'));
      }
      await drop();
    },
  };
}

function connect(client: ModbusRTU, address: BusAddress): Promise<void> {
  switch (address.kind) {
    case 'tcp':
      return client.connectTCP(address.host, { port: address.port });
    case 'rtuOverTcp':
      return client.connectTelnet(address.host, { port: address.port });
    case 'serial': {
      const { path, baudRate, parity, stopBits } = address;
      return client.connectRTUBuffered(path, { baudRate, parity, stopBits, dataBits: 8 });
    }
  }
}

/** Also ends a connection that is still being made. */
function destroy(client: ModbusRTU): void {
  try {
    client.destroy(() => undefined);
  } catch {
    // It has no port yet.
  }
}

async function within<Result>(promise: Promise<Result>, limitMs: number, words: string): Promise<Result> {
  const timer = new AbortController();
  const late = delay(limitMs, undefined, { signal: timer.signal }).then(() => {
    throw new ModbusFailure('timeout', words);
  });
  // The loser of the race must not be a rejection that nobody awaits.
  late.catch(() => undefined);
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
  }
}

function failureOf(error: unknown, timeoutMs: number): ModbusFailure {
  if (error instanceof ModbusFailure) return error;
  const { modbusCode, name, errno } = (error ?? {}) as { modbusCode?: unknown; name?: unknown; errno?: unknown };
  if (typeof modbusCode === 'number') return new ModbusFailure('exception', wordsOfException(modbusCode), modbusCode);
  if (name === 'TransactionTimedOutError' || errno === 'ETIMEDOUT') {
    return new ModbusFailure('timeout', `no answer within ${timeoutMs} ms`);
  }
  if (name === 'PortNotOpenError' || errno === 'ECONNREFUSED')
    return new ModbusFailure('notConnected', 'the connection is lost');
  return new ModbusFailure('garbled', `the answer cannot be read: ${wordsOfError(error)}`);
}

function wordsOfError(error: unknown): string {
  // A refused connection by two addresses is an AggregateError with an empty message.
  const { message, code } = (error ?? {}) as { message?: unknown; code?: unknown };
  if (typeof message === 'string' && message !== '') return message;
  return typeof code === 'string' ? code : String(error);
}

export function wordsOfAddress(address: BusAddress): string {
  return address.kind === 'serial' ? address.path : `${address.host}:${address.port}`;
}
