import { createServer } from 'node:net';
import process from 'node:process';

/** Linux takes the ports of outgoing connections from 32768 on, Windows and macOS from 49152. */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_767;
const SPAN = LAST_PORT - FIRST_PORT + 1;
const ATTEMPTS = 50;

/** Test files run side by side: each process goes up from a place of its own, and never gives a port twice. */
let next = (process.pid * 197) % SPAN;

/**
 * A port of this machine on which nobody listens, for a server that is started on it, and again later. One that the
 * system would give (port 0) may be gone by then: it lies among those that any outgoing connection may take.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = FIRST_PORT + next;
    next = (next + 1) % SPAN;
    if (await isFree(port)) return port;
  }
  throw new Error(`none of the ${ATTEMPTS} ports below ${FIRST_PORT + next} was free`);
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
