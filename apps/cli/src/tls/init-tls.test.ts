import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { initTls, type TlsInit } from './init-tls.ts';
import { loadLanTls } from './load-lan-tls.ts';

const now = new Date('2026-03-01T12:00:00Z');
const daysLater = (days: number): Date => new Date(now.getTime() + days * 86_400_000);

async function folderOf(context: TestContext): Promise<{ tlsFolder: string; file: (name: string) => string }> {
  const data = await mkdtemp(path.join(tmpdir(), 'fengsui-tls-'));
  context.after(() => rm(data, { recursive: true, force: true }));
  const tlsFolder = path.join(data, 'tls');
  return { tlsFolder, file: (name) => path.join(tlsFolder, name) };
}

const init = (tlsFolder: string, changes: Partial<TlsInit> = {}): TlsInit => ({
  tlsFolder,
  hostName: 'desk1.example.org',
  addresses: ['192.168.1.4', 'fd00::2'],
  given: undefined,
  isForced: false,
  now,
  ...changes,
});

const load = async (tlsFolder: string, when = now, addresses = ['192.168.1.4', 'fd00::2']) => {
  const warnings: string[] = [];
  const tls = await loadLanTls(tlsFolder, { now: when, addresses, warn: (words) => warnings.push(words) });
  return { tls, warnings };
};

test('the first run makes an authority and a certificate for every name and address of the machine', async (context) => {
  const { tlsFolder, file } = await folderOf(context);
  const result = await initTls(init(tlsFolder, { given: ['烽燧.example', '198.51.100.7'] }));
  const names = [
    'localhost',
    'desk1.example.org',
    'desk1.local',
    '127.0.0.1',
    '::1',
    '192.168.1.4',
    'fd00::2',
    // RFC 3492 by another implementation: python3 -c "print('烽燧.example'.encode('idna'))"
    'xn--1rxmt.example',
    '198.51.100.7',
  ];
  assert.deepEqual(result.server.names, names);
  assert.deepEqual(result.leftOut, []);
  assert.ok(result.authority.isNew);
  const certificate = new X509Certificate(await readFile(file('server.crt')));
  for (const name of names) {
    assert.ok(isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name), name);
  }
  assert.deepEqual((await readdir(tlsFolder)).sort(), ['ca.crt', 'ca.key', 'names.json', 'server.crt', 'server.key']);
  const { tls, warnings } = await load(tlsFolder);
  assert.equal(new X509Certificate(tls.ca).fingerprint256, result.authority.sha256);
  assert.deepEqual(warnings, []);
});

test('the keys are for this user alone', async (context) => {
  const { tlsFolder, file } = await folderOf(context);
  await initTls(init(tlsFolder));
  const modes = await Promise.all(
    ['', 'ca.key', 'server.key', 'ca.crt'].map(async (name) => (await stat(file(name))).mode & 0o777),
  );
  assert.deepEqual(modes, [0o700, 0o600, 0o600, 0o644]);
});

test('a second run changes nothing and keeps the names of --name', async (context) => {
  const { tlsFolder, file } = await folderOf(context);
  const first = await initTls(init(tlsFolder, { given: ['fengsui.example.org'] }));
  const before = await readFile(file('server.crt'), 'utf8');
  const second = await initTls(init(tlsFolder));
  assert.equal(second.server.issuedFor, undefined);
  assert.deepEqual(second.server.names, first.server.names);
  assert.equal(await readFile(file('server.crt'), 'utf8'), before);
});

test('a changed address renews the certificate under the same authority', async (context) => {
  const { tlsFolder } = await folderOf(context);
  const first = await initTls(init(tlsFolder));
  const second = await initTls(init(tlsFolder, { addresses: ['192.168.7.9'] }));
  assert.equal(second.authority.sha256, first.authority.sha256);
  assert.equal(second.server.issuedFor, 'changed names or addresses');
  const { tls, warnings } = await load(tlsFolder, now, ['192.168.7.9']);
  assert.equal(new X509Certificate(tls.cert).checkIP('192.168.1.4'), undefined);
  assert.equal(new X509Certificate(tls.cert).checkIP('192.168.7.9'), '192.168.7.9');
  assert.deepEqual(warnings, []);
});

test('a certificate is renewed when fewer than 30 of its 397 days are left', async (context) => {
  const { tlsFolder } = await folderOf(context);
  await initTls(init(tlsFolder));
  // It began one day before `now`.
  assert.equal((await initTls(init(tlsFolder, { now: daysLater(366) }))).server.issuedFor, undefined);
  const renewed = await initTls(init(tlsFolder, { now: new Date(daysLater(366).getTime() + 1_000) }));
  assert.equal(renewed.server.issuedFor, 'its end, 2027-04-01');
  assert.deepEqual(renewed.server.validTo, daysLater(366 + 396 + 1 / 86_400));
});

test('--force makes a new authority, which a client of the old one does not trust', async (context) => {
  const { tlsFolder } = await folderOf(context);
  const first = await initTls(init(tlsFolder));
  const { tls: old } = await load(tlsFolder);
  const second = await initTls(init(tlsFolder, { isForced: true }));
  assert.notEqual(second.authority.sha256, first.authority.sha256);
  const { tls } = await load(tlsFolder);
  assert.equal(new X509Certificate(tls.cert).verify(new X509Certificate(old.ca).publicKey), false);
});

test('a name beyond what the authority may vouch for is refused when given, left out when the machine got it later', async (context) => {
  const { tlsFolder, file } = await folderOf(context);
  await initTls(init(tlsFolder));
  const before = await readFile(file('server.crt'), 'utf8');
  await assert.rejects(initTls(init(tlsFolder, { given: ['bank.example'] })), {
    message: `the CA of ${tlsFolder} may not vouch for bank.example; run "fengsui tls init --data ${path.dirname(tlsFolder)} --name bank.example --force" and trust the new CA on every seat and phone`,
  });
  assert.equal(await readFile(file('server.crt'), 'utf8'), before);
  const { leftOut, server } = await initTls(init(tlsFolder, { addresses: ['192.168.1.4', '203.0.113.9'] }));
  assert.deepEqual(leftOut, ['203.0.113.9']);
  assert.ok(!server.names.includes('203.0.113.9'));
});

for (const name of ['*.example.org', 'two words', '10.0.0', 'fe80::1%eth0', '', 'a_b.example']) {
  test(`--name "${name}" is refused before anything is written`, async (context) => {
    const { tlsFolder } = await folderOf(context);
    await assert.rejects(
      initTls(init(tlsFolder, { given: [name] })),
      /expected a host name without "\*", or an address/,
    );
    await assert.rejects(stat(tlsFolder), { code: 'ENOENT' });
  });
}

test('half an authority is named and not replaced', async (context) => {
  const { tlsFolder, file } = await folderOf(context);
  await initTls(init(tlsFolder));
  await rm(file('ca.key'));
  await assert.rejects(initTls(init(tlsFolder)), /ca[.]key is missing; put it back, or make a new CA with .* --force/);
  assert.ok(await readFile(file('ca.crt')));
});

test('an authority near its end is not renewed silently, since every seat has to trust the next one', async (context) => {
  const { tlsFolder } = await folderOf(context);
  await initTls(init(tlsFolder));
  await assert.rejects(
    initTls(init(tlsFolder, { now: new Date('2036-02-15T00:00:00Z') })),
    /ends 2036-03-01; run .* --force/,
  );
});

test('an interrupted renewal is named at the start and mended by the next run', async (context) => {
  const { tlsFolder, file } = await folderOf(context);
  await initTls(init(tlsFolder));
  const oldCertificate = await readFile(file('server.crt'));
  await initTls(init(tlsFolder, { addresses: ['10.1.1.1'] }));
  await writeFile(file('server.crt'), oldCertificate);
  await assert.rejects(load(tlsFolder), /server[.]key and server[.]crt do not belong together; run "fengsui tls init /);
  assert.equal((await initTls(init(tlsFolder))).server.issuedFor, 'a key that did not belong to it');
  await load(tlsFolder);
});

test('start without certificates says which command makes them', async (context) => {
  const { tlsFolder } = await folderOf(context);
  await assert.rejects(load(tlsFolder), {
    message: `there is no certificate in ${tlsFolder}; run "fengsui tls init --data ${path.dirname(tlsFolder)}"`,
  });
});

test('start refuses what no client would accept, and names it', async (context) => {
  const { tlsFolder, file } = await folderOf(context);
  await initTls(init(tlsFolder));
  await assert.rejects(load(tlsFolder, daysLater(397)), /server[.]crt ended 2027-04-01; run/);
  await assert.rejects(load(tlsFolder, daysLater(-2)), /begins 2026-02-28, but it is 2026-02-27 here; set the clock/);
  const authority = await readFile(file('ca.crt'));
  await rm(file('ca.crt'));
  await assert.rejects(load(tlsFolder), /ca[.]crt is missing/);
  await writeFile(file('ca.crt'), 'no certificate');
  await assert.rejects(load(tlsFolder), /ca[.]crt is not a PEM certificate; run/);
  const other = await folderOf(context);
  await initTls(init(other.tlsFolder));
  await writeFile(file('ca.crt'), await readFile(other.file('ca.crt')));
  await assert.rejects(load(tlsFolder), /server[.]crt was not issued by ca[.]crt/);
  await writeFile(file('ca.crt'), authority);
  await load(tlsFolder);
});

test('start warns, and goes on, when the end is near or an address is not named', async (context) => {
  const { tlsFolder } = await folderOf(context);
  await initTls(init(tlsFolder));
  const remedy = `run "fengsui tls init --data ${path.dirname(tlsFolder)}" and start again`;
  assert.deepEqual((await load(tlsFolder, daysLater(370))).warnings, [`the certificate ends 2027-04-01; ${remedy}`]);
  assert.deepEqual((await load(tlsFolder, now, ['192.168.1.4', '10.0.0.8'])).warnings, [
    `the certificate does not name 10.0.0.8 of this machine; ${remedy}`,
  ]);
});

test('a file that may not be read is named with the reason', async (context) => {
  const { tlsFolder, file } = await folderOf(context);
  await initTls(init(tlsFolder));
  // Permissions do not stop root; a folder in the file's place stops everybody.
  await rm(file('server.key'));
  await mkdir(file('server.key'));
  await assert.rejects(load(tlsFolder), /server[.]key cannot be read \(EISDIR\)/);
});
