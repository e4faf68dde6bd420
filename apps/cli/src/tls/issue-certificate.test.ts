import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { createAuthority, issueServerCertificate, permits } from './certificate-authority.ts';
import type { CertificateName } from './certificate-name.ts';
import type { KeyedCertificate } from './issue-certificate.ts';

const now = new Date('2026-03-01T12:00:00Z');
const dns = (value: string): CertificateName => ({ kind: 'dns', value });
const ip = (value: string): CertificateName => ({ kind: 'ip', value });
const authority = createAuthority('desk1', [dns('desk1'), ip('203.0.113.7'), ip('192.168.1.4')], now);

test('a server certificate chains to its authority and names hosts and addresses', () => {
  const names = [dns('localhost'), dns('desk1.local'), ip('192.168.1.4'), ip('fd00::2')];
  const server = issueServerCertificate(authority, names, now);
  const issuer = new X509Certificate(authority.certPem);
  const certificate = new X509Certificate(server.certPem);
  assert.ok(issuer.ca && issuer.checkIssued(issuer) && issuer.verify(issuer.publicKey));
  assert.ok(!certificate.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
  assert.ok(certificate.checkPrivateKey(createPrivateKey(server.keyPem)));
  assert.ok(issuer.checkPrivateKey(createPrivateKey(authority.keyPem)));
  assert.equal(certificate.checkHost('desk1.local'), 'desk1.local');
  assert.equal(certificate.checkHost('desk2.local'), undefined);
  assert.equal(certificate.checkIP('192.168.1.4'), '192.168.1.4');
  assert.equal(certificate.checkIP('fd00::2'), 'fd00::2');
  assert.equal(certificate.checkIP('192.168.1.5'), undefined);
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.equal(createPublicKey(server.certPem).asymmetricKeyDetails?.namedCurve, 'prime256v1');
});

test('the authority lasts ten years, a server 397 days, and both began a day ago for clocks that are behind', () => {
  const issuer = new X509Certificate(authority.certPem);
  const server = new X509Certificate(issueServerCertificate(authority, [dns('localhost')], now).certPem);
  assert.deepEqual(
    [issuer, server].map(({ validFromDate, validToDate }) => [validFromDate.toISOString(), validToDate.toISOString()]),
    [
      ['2026-02-28T12:00:00.000Z', '2036-03-01T12:00:00.000Z'],
      ['2026-02-28T12:00:00.000Z', '2027-04-01T12:00:00.000Z'],
    ],
  );
});

test('a server certificate does not outlive its authority', () => {
  const late = new Date('2036-01-01T00:00:00Z');
  const server = new X509Certificate(issueServerCertificate(authority, [dns('localhost')], late).certPem);
  assert.equal(server.validToDate.toISOString(), '2036-03-01T12:00:00.000Z');
});

test('serial numbers are positive, of 128 bits and never the same', () => {
  const serials = Array.from(
    { length: 50 },
    () => new X509Certificate(issueServerCertificate(authority, [dns('localhost')], now).certPem).serialNumber,
  );
  for (const serial of serials) assert.match(serial, /^[4-7][0-9A-F]{31}$/);
  assert.equal(new Set(serials).size, 50);
});

test('permits says what a TLS client says of the same name', async () => {
  const current = createAuthority('desk1', [dns('desk1'), ip('203.0.113.7')], new Date());
  // The names on which a stolen key could be misused, and the ones of this network. OpenSSL judges (RFC 5280 4.2.1.10).
  for (const name of [
    dns('localhost'),
    dns('desk1'),
    dns('desk1.local'),
    dns('desk2'),
    dns('bank.example'),
    dns('notlocal'),
    dns('evil-desk1'),
    ip('10.9.8.7'),
    ip('172.31.255.255'),
    ip('172.32.0.1'),
    ip('203.0.113.7'),
    ip('203.0.113.8'),
    ip('fd12::3'),
    ip('2001:db8::1'),
  ]) {
    const verdict = await handshake(current, issueServerCertificate(current, [name], new Date()), name);
    assert.equal(verdict, permits(current.certPem, name) ? 'accepted' : 'permitted subtree violation', name.value);
  }
});

/** The error of a client that trusts `trusted` alone and expects `name`, or `accepted`. */
async function handshake(trusted: KeyedCertificate, server: KeyedCertificate, name: CertificateName): Promise<string> {
  const door = createServer({ key: server.keyPem, cert: server.certPem });
  door.on('tlsClientError', () => undefined);
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  let client: TLSSocket | undefined;
  try {
    client = connect({
      host: '127.0.0.1',
      port: (door.address() as AddressInfo).port,
      ca: trusted.certPem,
      timeout: 60_000,
      checkServerIdentity: (_host, { raw }) => {
        const certificate = new X509Certificate(raw);
        const isNamed = name.kind === 'ip' ? certificate.checkIP(name.value) : certificate.checkHost(name.value);
        return isNamed === undefined ? new Error('another name') : undefined;
      },
    });
    client.on('timeout', () => client?.destroy(new Error('no handshake in 5 s')));
    await once(client, 'secureConnect');
    return 'accepted';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    client?.destroy();
    door.close();
  }
}
