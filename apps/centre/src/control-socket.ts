import { createHash } from 'node:crypto';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Longest path a unix socket can have on Linux, less the NUL. */
const LONGEST_PATH = 107;
/** A workbook of a whole city comes this way too, in base64. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 120_000;

export type ControlHandler = (command: string, parameters: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** Who may write the data folder may command the centre: the socket lies in it, readable by its owner alone. */
export function controlPath(dataFolder: string): string {
  const inside = path.join(path.resolve(dataFolder), 'control.sock');
  if (Buffer.byteLength(inside) <= LONGEST_PATH) return inside;
  const name = createHash('sha256').update(path.resolve(dataFolder)).digest('hex').slice(0, 16);
  return path.join(tmpdir(), `fengsui-${process.getuid?.() ?? 0}-${name}`, 'control.sock');
}

export async function openControlSocket(
  dataFolder: string,
  handle: ControlHandler,
): Promise<{ close(): Promise<void> }> {
  const socketPath = controlPath(dataFolder);
  await mkdir(path.dirname(socketPath), { recursive: true, mode: 0o700 });
  // The folder's lock is ours: a socket that lies here belongs to a process that is gone.
  await rm(socketPath, { force: true });
  const server: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > MAX_BODY_BYTES) incoming.destroy();
      else chunks.push(chunk);
    });
    incoming.on('end', () => {
      const respond = (status: number, body: unknown): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      };
      Promise.resolve()
        .then(() => {
          const { command, parameters } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
            command: string;
            parameters: Record<string, unknown>;
          };
          return handle(command, parameters);
        })
        .then(
          (result) => respond(200, { result: result ?? null }),
          (error: unknown) => respond(400, { error: error instanceof Error ? error.message : String(error) }),
        );
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  return {
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(socketPath, { force: true });
    },
  };
}

/** undefined when no centre is running on this folder. */
export function callControlSocket(
  dataFolder: string,
  command: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<{ readonly result: unknown } | { readonly error: string } | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(
      { socketPath: controlPath(dataFolder), method: 'POST', path: '/', timeout: TIMEOUT_MS },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as { result: unknown } | { error: string }),
        );
      },
    );
    call.on('timeout', () => call.destroy(new Error(`the centre did not answer within ${TIMEOUT_MS / 1000} s`)));
    call.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED' || error.code === 'ENOTDIR') resolve(undefined);
      else reject(error);
    });
    call.end(JSON.stringify({ command, parameters }));
  });
}
