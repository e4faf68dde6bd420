import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { requireProgram } from '../../../../tools/servers/find-or-install.ts';

const run = promisify(execFile);

export type Authority = {
  /** PEM. */
  readonly certificate: string;
  issue(name: string, purpose: 'serverAuth' | 'timeStamping'): Promise<{ readonly key: string; readonly cert: string }>;
};

/** A certificate authority made with openssl, in a folder of its own. */
export async function createAuthority(folder: string): Promise<Authority> {
  const openssl = await requireProgram('openssl');
  await mkdir(folder, { recursive: true });
  const file = (name: string): string => path.join(folder, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const cut = ['-x509', '-days', '2', '-subj', '/CN=test authority', '-keyout', file('ca.key'), '-out', file('ca.crt')];
  await run(openssl, ['req', ...newKey, ...cut]);
  let count = 0;
  return {
    certificate: await readFile(file('ca.crt'), 'utf8'),
    issue: async (name, purpose) => {
      const base = file(`leaf-${count++}`);
      const use = purpose === 'timeStamping' ? 'critical,timeStamping' : 'serverAuth';
      const subject = ['-subj', `/CN=${name}`, '-keyout', `${base}.key`, '-out', `${base}.crt`];
      const extensions = ['-addext', `extendedKeyUsage=${use}`, '-addext', 'basicConstraints=critical,CA:FALSE'];
      const alternative = purpose === 'serverAuth' ? ['-addext', `subjectAltName=IP:${name}`] : [];
      const signed = ['-x509', '-days', '2', '-CA', file('ca.crt'), '-CAkey', file('ca.key')];
      await run(openssl, ['req', ...newKey, ...signed, ...subject, ...extensions, ...alternative]);
      return { key: await readFile(`${base}.key`, 'utf8'), cert: await readFile(`${base}.crt`, 'utf8') };
    },
  };
}

export type StampServer = { readonly url: string; readonly requests: number; close(): Promise<void> };

/** A time-stamping authority over HTTP, whose answers are made by `openssl ts`. */
export async function startStampServer(
  folder: string,
  { key, cert }: { readonly key: string; readonly cert: string },
): Promise<StampServer> {
  const openssl = await requireProgram('openssl');
  await mkdir(folder, { recursive: true });
  const file = (name: string): string => path.join(folder, name);
  await writeFile(file('serial'), '01\n');
  await writeFile(file('signer.key'), key);
  await writeFile(file('signer.crt'), cert);
  const config = `[tsa]
default_tsa = main
[main]
serial = ${file('serial')}
signer_cert = ${file('signer.crt')}
signer_key = ${file('signer.key')}
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
`;
  await writeFile(file('tsa.cnf'), config);
  let requests = 0;
  const server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const base = file(`request-${requests++}`);
      writeFile(base, Buffer.concat(pieces))
        .then(() =>
          run(openssl, [
            'ts',
            '-reply',
            '-config',
            file('tsa.cnf'),
            '-section',
            'main',
            '-queryfile',
            base,
            '-out',
            `${base}.reply`,
          ]),
        ) // prettier-ignore
        .then(() => readFile(`${base}.reply`))
        .then(
          (reply) => response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(reply),
          (error: unknown) => response.writeHead(500).end(String(error)),
        );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get requests() {
      return requests;
    },
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
