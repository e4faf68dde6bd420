import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomInt, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { requireProgram } from '../tools/servers/find-or-install.ts';
import { CentreProcess, fengsui } from './harness/centre-process.ts';

// A second machine is a network namespace: it has its own loopback and reaches the centre over a veth pair alone.

const COMMAND_TIMEOUT_MS = 120_000;
/** OpenSSL's words for a chain that ends in nothing trusted; the second when the server sends its CA too. */
const UNTRUSTED = /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN)$/;
const PASSWORD = 'lan-Seat-Two-4711';

/** Runs in the namespace: one request, its outcome as JSON. Without `ca` there is no trust but the system's. */
const CLIENT = `
  const { method = 'GET', url, ca, body, rejectUnauthorized = true, timeoutMs } = JSON.parse(process.argv[1]);
  const { request } = await import(url.startsWith('https:') ? 'node:https' : 'node:http');
  const answer = await new Promise((resolve) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const sent = request(url, { method, ca, rejectUnauthorized, headers, agent: false, timeout: timeoutMs }, (reply) => {
      const chunks = [];
      reply.on('data', (chunk) => chunks.push(chunk));
      reply.on('end', () => resolve({ status: reply.statusCode, headers: reply.headers, body: Buffer.concat(chunks).toString('utf8') }));
    });
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('no answer'), { code: 'TIMEOUT' })));
    sent.on('error', (error) => resolve({ error: error.code ?? error.message }));
    sent.end(body);
  });
  console.log(JSON.stringify(answer));
`;

type ClientRequest = {
  readonly method?: string;
  readonly url: string;
  readonly ca?: string;
  readonly body?: string;
  readonly rejectUnauthorized?: boolean;
};

type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
  readonly error?: string;
};

/** A network namespace joined to this one by a veth pair. */
class SecondSeat {
  readonly centreAddress: string;
  readonly #ip: string;
  readonly #name: string;

  private constructor(ip: string, name: string, centreAddress: string) {
    this.#ip = ip;
    this.#name = name;
    this.centreAddress = centreAddress;
  }

  static async open(): Promise<SecondSeat> {
    if (process.getuid?.() !== 0) {
      throw new Error('this test makes a network namespace and needs root: sudo node --test test/lan.test.ts');
    }
    const ip = await requireProgram('ip');
    const id = process.pid.toString(36);
    const [name, near, far] = [`fengsui-${id}`, `fs${id}n`, `fs${id}f`];
    // A /30 in 10.64.0.0/10 at random: two runs at once do not meet, and a machine's own network hardly.
    const network = `10.${64 + randomInt(64)}.${randomInt(256)}`;
    const host = 4 * randomInt(1, 63);
    const seat = new SecondSeat(ip, name, `${network}.${host + 1}`);
    const run = (args: string): Promise<unknown> => seat.#run(ip, args.split(' '));
    try {
      await run(`netns add ${name}`);
      await run(`link add ${near} type veth peer name ${far} netns ${name}`);
      await run(`addr add ${seat.centreAddress}/30 dev ${near}`);
      await run(`link set ${near} up`);
      await run(`-n ${name} addr add ${network}.${host + 2}/30 dev ${far}`);
      await run(`-n ${name} link set lo up`);
      await run(`-n ${name} link set ${far} up`);
      return seat;
    } catch (error) {
      await seat.close().catch(() => undefined);
      throw error;
    }
  }

  /** Deleting the namespace deletes both ends of the pair. */
  async close(): Promise<void> {
    await this.#run(this.#ip, ['netns', 'del', this.#name]);
  }

  async request(given: ClientRequest): Promise<Answer> {
    const client = [process.execPath, '--input-type=module', '-e', CLIENT];
    const stdout = await this.#run(this.#ip, [
      ...['netns', 'exec', this.#name, ...client],
      JSON.stringify({ ...given, timeoutMs: 60_000 }),
    ]);
    return JSON.parse(stdout) as Answer;
  }

  #run(file: string, args: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      execFile(file, [...args], { timeout: COMMAND_TIMEOUT_MS }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${file} ${args.slice(0, 6).join(' ')}: ${stderr.trim() || error.message}`));
      });
    });
  }
}

let seat: SecondSeat;
let centre: CentreProcess;
let scratch: string;
let webUrl: string;
let ca: string;

before(
  async () => {
    seat = await SecondSeat.open();
    scratch = await mkdtemp(path.join(tmpdir(), 'fengsui-lan-'));
    const folder = path.join(scratch, 'data');
    // After the namespace: the certificate names the addresses that are there now.
    const { caFile, server } = await tlsInit(folder);
    assert.ok(server.names.includes(seat.centreAddress), `${seat.centreAddress} is among ${server.names.join(' ')}`);
    ca = await readFile(caFile, 'utf8');
    centre = await CentreProcess.start({ folder, args: ['--lan'] });
    webUrl = `https://${seat.centreAddress}:${centre.webPort}/`;
  },
  { timeout: 400_000 },
);

after(
  async () => {
    try {
      await (centre as CentreProcess | undefined)?.dispose();
    } finally {
      await (seat as SecondSeat | undefined)?.close();
    }
    if ((scratch as string | undefined) !== undefined) await rm(scratch, { recursive: true, force: true });
  },
  { timeout: 300_000 },
);

async function tlsInit(
  folder: string,
): Promise<{ readonly caFile: string; readonly server: { readonly names: string[] } }> {
  const { code, stdout, stderr } = await fengsui(['tls', 'init', '--json', '--data', folder]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as { caFile: string; server: { names: string[] } };
}

test('start --lan prints the URL of every address that answers, and the fingerprint to compare', async () => {
  const fingerprint = new X509Certificate(ca).fingerprint256;
  const deadline = Date.now() + 60_000;
  while (!/^CA {5}/m.test(centre.stdout) && Date.now() < deadline) await setTimeout(20);
  assert.ok(centre.stdout.includes(`LAN    ${webUrl}\n`), centre.stdout);
  assert.match(centre.stdout, new RegExp(`^CA     https://\\S+/ca[.]crt  SHA-256 ${fingerprint}$`, 'm'));
  // A log gets no QR code.
  assert.ok(!/[▀▄█\u001b]/.test(centre.stdout), centre.stdout);
});

test('a second machine that trusts the CA alone reaches the centre over HTTPS', async () => {
  const { status, body, headers } = await seat.request({ url: `${webUrl}healthz`, ca });
  assert.equal(status, 200);
  assert.equal((JSON.parse(body ?? '') as { status: string }).status, 'ok');
  assert.match(String(headers?.['strict-transport-security']), /^max-age=\d{7,}/);
});

test('every answer over HTTPS says what a browser may do with it', async () => {
  for (const path of ['', 'api/v1/session', 'api/openapi.json', 'docs/', 'nothing']) {
    const { headers = {} } = await seat.request({ url: webUrl + path, ca });
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'self'.*frame-ancestors 'none'; base-uri 'none'; form-action 'self'/, path);
    // Swagger's page has styles in it; ours has none.
    assert.equal(/unsafe-inline/.test(policy), path === 'docs/', path);
    assert.doesNotMatch(policy, /script-src|unsafe-eval/, path);
    assert.deepEqual([headers['x-content-type-options'], headers['referrer-policy']], ['nosniff', 'no-referrer'], path);
    assert.match(String(headers['strict-transport-security']), /^max-age=31536000$/, path);
    if (path.startsWith('api/')) assert.equal(headers['cache-control'], 'no-store', path);
    for (const name of ['server', 'x-powered-by']) assert.equal(headers[name], undefined, path);
  }
});

test('a second machine without the CA refuses the certificate', async () => {
  const { status, error } = await seat.request({ url: `${webUrl}healthz` });
  assert.equal(status, undefined);
  assert.match(String(error), UNTRUSTED);
});

test('a second machine that trusts the CA of another centre refuses the certificate', async () => {
  const { caFile } = await tlsInit(path.join(scratch, 'other'));
  const { status, error } = await seat.request({ url: `${webUrl}healthz`, ca: await readFile(caFile, 'utf8') });
  assert.equal(status, undefined);
  assert.match(String(error), UNTRUSTED);
});

test('an operator of a second machine logs in over HTTPS and gets a cookie that never travels in clear', async () => {
  await centre.createUser('seat2', 'operator', PASSWORD);
  const body = JSON.stringify({ username: 'seat2', password: PASSWORD });
  const answer = await seat.request({ method: 'POST', url: `${webUrl}api/v1/login`, ca, body });
  assert.equal(answer.status, 200, answer.body);
  assert.equal((JSON.parse(answer.body ?? '') as { username: string }).username, 'seat2');
  const [cookie = ''] = [answer.headers?.['set-cookie'] ?? []].flat();
  for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Strict']) assert.ok(cookie.includes(attribute), cookie);
});

test('the CA can be downloaded before it is trusted, and is the one of the data folder', async () => {
  const answer = await seat.request({ url: `${webUrl}ca.crt`, rejectUnauthorized: false });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers?.['content-type'], 'application/x-x509-ca-cert');
  assert.equal(answer.body, ca);
});

test('plain HTTP on the HTTPS port is refused, not redirected', async () => {
  const { status, error } = await seat.request({ url: `${webUrl.replace('https:', 'http:')}healthz` });
  assert.equal(status, undefined);
  assert.equal(error, 'ECONNRESET');
});

test('the MQTT door stays on loopback: a second machine finds nobody there', async () => {
  const answer = await seat.request({ url: `http://${seat.centreAddress}:${centre.mqttPort}/` });
  assert.deepEqual(answer, { error: 'ECONNREFUSED' });
  // From this machine it answers: the address refused, the door is open.
  const socket = connect({ host: '127.0.0.1', port: centre.mqttPort, timeout: 60_000 });
  socket.on('timeout', () => socket.destroy(new Error('the MQTT door does not answer on loopback')));
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
});
