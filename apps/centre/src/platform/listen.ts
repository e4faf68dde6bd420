import type { Server } from 'node:net';

/** A port that cannot be had, in one line that says what to do. */
export class ListenError extends Error {
  readonly code: 'portInUse' | 'portForbidden' | 'addressUnavailable' | 'other';
  readonly host: string;
  readonly port: number;

  constructor(code: ListenError['code'], host: string, port: number, cause: unknown, name = 'door') {
    const reasons = {
      portInUse: `port ${port} on ${host} is in use by another process; stop it or choose another port`,
      portForbidden: `port ${port} on ${host} is not permitted for this user; choose one above 1023`,
      addressUnavailable: `address ${host} is not one of this machine`,
      other: `cannot listen on ${host}:${port}: ${cause instanceof Error ? cause.message : String(cause)}`,
    };
    super(`${name}: ${reasons[code]}`, { cause });
    this.code = code;
    this.host = host;
    this.port = port;
  }

  named(name: string): ListenError {
    return new ListenError(this.code, this.host, this.port, this.cause, name);
  }
}

const codes: Readonly<Record<string, ListenError['code']>> = {
  EADDRINUSE: 'portInUse',
  EACCES: 'portForbidden',
  EADDRNOTAVAIL: 'addressUnavailable',
};

/**
 * Connections that came and are not taken yet: after a storm all devices at once. Beyond it the kernel drops them, and
 * they try again after 1, 3, 7, 15 s. Node's 511 is for web servers; the kernel caps it (Linux: net.core.somaxconn).
 */
const BACKLOG = 32_768;

/** Resolves with the port (a free one for 0) once the server listens. */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      reject(new ListenError(codes[error.code ?? ''] ?? 'other', host, port, error));
    };
    server.once('error', onError);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.removeListener('error', onError);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
