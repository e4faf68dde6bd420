import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import mqtt, { type IClientOptions } from 'mqtt';
import { within } from '../contract/client/eventually.ts';
import { freePort } from '../../tools/servers/free-port.ts';
import { CentreProcess, fengsui } from '../harness/centre-process.ts';

const TIMEOUT = { timeout: 300_000 };
const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

let root: string;
let folder: string;
let centre: CentreProcess;
let port: number;
let secret: string;
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'fengsui-mqtts-'));
  folder = path.join(root, 'data');
  const { code, stderr } = await fengsui(['tls', 'init', '--data', folder, '--name', 'localhost']);
  assert.equal(code, 0, stderr);
  if (hasOpenssl) makeDeviceCertificates();
  port = await freePort();
  centre = await CentreProcess.start({ folder, args: ['--lan'], env: { FENGSUI_MQTT_TLSPORT: String(port) } });
  secret = await centre.createDevice('X1', 'generic-terminal', 'V1');
  await centre.createDevice('X2', 'generic-terminal', 'V1');
}, TIMEOUT);
after(async () => {
  await centre.dispose();
  await rm(root, { recursive: true, force: true });
});

/** An authority of the operator's own, made with openssl as he would; and one that nobody knows. */
function makeDeviceCertificates(): void {
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: root, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  for (const [authority, out] of [
    ['ours', path.join(folder, 'tls', 'device-ca.crt')],
    ['strange', 'strange.crt'],
  ] as const) {
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      `${authority}.key`,
      '-out',
      out,
      '-days',
      '30',
      '-subj',
      `/CN=${authority}`,
    );
    openssl('req', ...newKey, '-keyout', `${authority}-x1.key`, '-out', `${authority}-x1.csr`, '-subj', '/CN=X1');
    const signer = ['-CA', out, '-CAkey', `${authority}.key`, '-CAcreateserial', '-days', '30'];
    openssl('x509', '-req', '-in', `${authority}-x1.csr`, ...signer, '-out', `${authority}-x1.crt`);
  }
}

const file = (name: string): string => readFileSync(path.join(root, name), 'utf8');

async function connects(id: string, options: IClientOptions): Promise<number> {
  const settings = {
    clientId: id,
    username: id,
    protocolVersion: 4,
    reconnectPeriod: 0,
    connectTimeout: 60_000,
  } as const;
  const ca = readFileSync(path.join(folder, 'tls', 'ca.crt'), 'utf8');
  try {
    const client = await within(
      `${id} to connect`,
      mqtt.connectAsync(`mqtts://localhost:${port}`, { ...settings, ca, ...options }),
    );
    await client.publishAsync(`fengsui/v1/${id}/telemetry`, '{"values":{"c1.voltageV":230}}', { qos: 1 });
    await client.endAsync(true);
    return 0;
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    return typeof code === 'number' ? code : NaN;
  }
}

test(
  'a secret opens the TLS door as it opens the other, and the certificate of the centre is checked',
  TIMEOUT,
  async () => {
    assert.equal(await connects('X1', { password: secret }), 0);
    assert.equal(await connects('X1', { password: 'wrong' }), 4);
    assert.equal(await connects('X1', {}), 4, 'neither secret nor certificate');
    assert.ok(Number.isNaN(await connects('X1', { password: secret, ca: [] })), 'a centre that nobody vouches for');
  },
);

test(
  'a certificate of our authority is the device it names, and no other',
  { ...TIMEOUT, skip: !hasOpenssl },
  async () => {
    const ours = { cert: file('ours-x1.crt'), key: file('ours-x1.key') };
    assert.equal(await connects('X1', ours), 0);
    assert.equal(await connects('X2', ours), 4, 'another id than its CN');
    assert.equal(await connects('X1', { cert: file('strange-x1.crt'), key: file('strange-x1.key') }), 4);
    assert.equal(await connects('X1', { ...ours, password: 'wrong' }), 4, 'a password is checked as one');
    await centre.revokeDevice('X1');
    assert.equal(await connects('X1', ours), 5, 'revoked is revoked');
  },
);
