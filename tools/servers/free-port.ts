import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Linux takes the ports of outgoing connections from 32768 on, Windows and macOS from 49152. */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_767;
const ATTEMPTS = 50;

/**
 * A port of this machine on which nobody listens, for a server that is started on it, and again later. One that the
 * system would give (port 0) may be gone by then: it lies among those that any outgoing connection may take.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`none of ${ATTEMPTS} ports between ${FIRST_PORT} and ${LAST_PORT} was free`);
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
