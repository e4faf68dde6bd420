import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { gbFrameToJson, type GbFrame } from '@fengsui/protocol';
import { UsageError } from '../command.ts';
import { SimulatedGbDevice } from './gb26875-device.ts';
import { readProfile } from './gb26875-input.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** After the last order, for the confirms that are on their way. */
const LINGER_MS = 1_000;

type Wire = {
  readonly send: (bytes: Uint8Array) => void;
  onBytes(take: (bytes: Uint8Array) => void): void;
  readonly closed: Promise<string>;
  close(): void;
};

/** `fengsui gb26875 simulate`: one device against any centre. */
export async function simulateDevice(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      centre: { type: 'string', default: '127.0.0.1:5200' },
      udp: { type: 'boolean' },
      address: { type: 'string', default: '010203040506' },
      parts: { type: 'string', default: '8' },
      heartbeat: { type: 'string', default: '20' },
      fire: { type: 'string' },
      clear: { type: 'string' },
      states: { type: 'string', default: '0' },
      answer: { type: 'string', default: '3' },
      absent: { type: 'boolean' },
      operator: { type: 'string', default: '1' },
      duration: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  const address = values.address.toLowerCase();
  if (!/^[0-9a-f]{12}$/.test(address)) throw new UsageError(`--address ${values.address}: 12 hex digits are expected`);
  const { host, port } = hostAndPort(values.centre);
  const partCount = number('--parts', values.parts, 1, 60_000);
  const profile = await readProfile(values.profile);
  const timers = new Set<NodeJS.Timeout>();
  const after = (ms: number, act: () => void): void => void timers.add(setTimeout(act, ms));
  const tell = (direction: 'sent' | 'received', frame: GbFrame): void => {
    process.stdout.write(`${JSON.stringify({ direction, ...gbFrameToJson(frame, profile) })}\n`);
  };
  const open = values.udp === true ? openDatagrams : openStream;
  const wire = await open(host, port);
  const device = new SimulatedGbDevice(
    {
      address,
      profile,
      partCount,
      operator: number('--operator', values.operator, 0, 255),
      ...(values.absent !== true && { answerAfterMs: 1000 * number('--answer', values.answer, 0, 3_600) }),
    },
    { now: () => Date.now(), send: wire.send, after, tell },
  );
  wire.onBytes((bytes) => device.take(bytes));
  device.heartbeat();
  const heartbeatMs = 1000 * number('--heartbeat', values.heartbeat, 1, 86_400);
  timers.add(setInterval(() => device.heartbeat(), heartbeatMs));
  timers.add(setInterval(() => device.tick(), 500));
  const stateCount = number('--states', values.states, 0, 1_000_000);
  for (let i = 0; i < stateCount; i++) device.report(i % partCount, 1);
  if (values.fire !== undefined) after(1000 * number('--fire', values.fire, 0, 86_400), () => device.report(0, 3));
  if (values.clear !== undefined) after(1000 * number('--clear', values.clear, 0, 86_400), () => device.report(0, 1));
  const durationMs =
    values.duration === undefined ? undefined : 1000 * number('--duration', values.duration, 0, 31_536_000);
  const end = await untilEnd(durationMs, wire.closed);
  await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
  for (const timer of timers) clearTimeout(timer);
  wire.close();
  const { confirmed, pending, failed } = device.summary;
  console.error(`${end}: ${confirmed} uploads confirmed, ${pending} without an answer, ${failed} failed`);
  return pending + failed === 0 ? 0 : 1;
}

function hostAndPort(text: string): { readonly host: string; readonly port: number } {
  const match = /^(.+):(\d{1,5})$/.exec(text);
  if (match === null) throw new UsageError(`--centre ${text}: HOST:PORT is expected`);
  return { host: (match[1] ?? '').replace(/^\[|\]$/g, ''), port: Number(match[2]) };
}

function number(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most) return value;
  throw new UsageError(`${name} ${text}: a number ${least} to ${most} is expected`);
}

async function openStream(host: string, port: number): Promise<Wire> {
  const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
    socket.once('timeout', () => reject(new Error(`${host}:${port} does not answer`)));
  });
  socket.setTimeout(0);
  socket.setNoDelay(true);
  const closed = new Promise<string>((resolve) => {
    socket.on('error', (error) => resolve(error.message));
    socket.on('close', () => resolve('the centre closed the connection'));
  });
  return {
    send: (bytes) => void socket.write(bytes),
    // Nobody listens before: until then the stream waits.
    onBytes: (take) => void socket.on('data', take),
    closed,
    close: () => socket.destroy(),
  };
}

async function openDatagrams(host: string, port: number): Promise<Wire> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.connect(port, host, () => resolve());
  });
  const closed = new Promise<string>((resolve) => socket.on('error', (error) => resolve(error.message)));
  return {
    send: (bytes) => socket.send(bytes),
    onBytes: (take) => void socket.on('message', take),
    closed,
    close: () => socket.close(),
  };
}

/** The time is up, somebody stops it, or the wire is gone. */
function untilEnd(durationMs: number | undefined, closed: Promise<string>): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = durationMs === undefined ? undefined : setTimeout(() => resolve('time is up'), durationMs);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('stopped'));
  void closed.then(resolve);
  return promise.finally(() => clearTimeout(timer));
}
