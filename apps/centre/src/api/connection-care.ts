import type { Socket } from 'node:net';
import { networkOf } from '../access/caller-rate.ts';
import type { Api } from './api-instance.ts';

/** Who sends byte by byte holds a connection, nothing else, and that not for long. */
export const connectionLimits = {
  handshakeTimeout: 10_000,
  /** From the first byte, or from the connection on which none comes. */
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  /** By default the two above are looked at every 30 s only. */
  connectionsCheckingInterval: 2_000,
} as const;

/**
 * Closes a connection that is one too many for its address. At the stop closes every one: over some nothing was ever asked
 * (a browser opens them in advance), and nobody else would.
 *
 * @param most at once of one address (of IPv6: one network); 0: as many as come.
 */
export function careForConnections(api: Api, most: number): void {
  const open = new Set<Socket>();
  const counts = new Map<string, number>();
  let isClosing = false;
  api.server.on('connection', (socket: Socket) => {
    const address = networkOf(socket.remoteAddress ?? '');
    const count = (counts.get(address) ?? 0) + 1;
    if (isClosing || (most > 0 && count > most)) return socket.destroy();
    open.add(socket);
    counts.set(address, count);
    socket.on('close', () => {
      open.delete(socket);
      const left = (counts.get(address) ?? 1) - 1;
      if (left === 0) counts.delete(address);
      else counts.set(address, left);
    });
  });
  api.addHook('preClose', (done) => {
    isClosing = true;
    for (const socket of open) socket.destroy();
    done();
  });
}
