import { createSocket } from 'node:dgram';
import { isIPv6, connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { framed } from './syslog-message.ts';

export type Collector = {
  /** `tls://host:port`, `tcp://` or `udp://`. */
  readonly url: URL;
  /** PEM; default: the authorities that Node knows. */
  readonly ca?: string | undefined;
};

const TIMEOUT_MS = 15_000;

/**
 * Hands messages over. Syslog knows no acknowledgement: over TCP and TLS a connection carries one batch and we end it;
 * that the collector then ends its side without an error says that its machine has all of it. Over UDP nobody knows.
 *
 * @throws Error when the collector cannot be reached, or did not take all of it.
 */
export function deliverSyslog({ url, ca }: Collector, messages: readonly string[]): Promise<void> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port);
  if (url.protocol === 'udp:') return sendDatagrams(host, port, messages);
  const socket =
    url.protocol === 'tls:'
      ? connectTls({ host, port, servername: isIp(host) ? '' : host, ...(ca !== undefined && { ca }) })
      : connectTcp({ host, port });
  return handOver(socket, url.protocol === 'tls:' ? 'secureConnect' : 'connect', messages.map(framed).join(''));
}

function handOver(socket: Socket, ready: 'connect' | 'secureConnect', text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let hasEnded = false;
    const late = setTimeout(() => {
      socket.destroy(new Error(`the collector did not end the connection within ${TIMEOUT_MS / 1000} s`));
    }, TIMEOUT_MS);
    socket.once(ready, () => socket.end(text));
    socket.on('end', () => (hasEnded = socket.writableFinished));
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(late);
      if (hasEnded) resolve();
      else reject(new Error('the collector ended the connection before it had everything'));
    });
    // It says nothing; what it says all the same must not keep its end from us.
    socket.resume();
  });
}

async function sendDatagrams(host: string, port: number, messages: readonly string[]): Promise<void> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  try {
    for (const message of messages) {
      await new Promise<void>((resolve, reject) =>
        socket.send(message, port, host, (error) => (error === null ? resolve() : reject(error))),
      );
    }
  } finally {
    socket.close();
  }
}

const isIp = (host: string): boolean => isIPv6(host) || /^\d+(\.\d+){3}$/.test(host);
