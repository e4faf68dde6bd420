import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createAuthority, issueServerCertificate, permits } from './certificate-authority.ts';
import { dateOf, endsSoon, namesOf } from './certificate-life.ts';
import { distinctNames, parseCertificateName, sameName, type CertificateName } from './certificate-name.ts';
import { readGivenNames, writeGivenNames } from './given-names.ts';
import type { KeyedCertificate } from './issue-certificate.ts';
import { initCommand, readTlsFile, writeTlsFile } from './tls-folder.ts';

export type TlsInit = {
  readonly tlsFolder: string;
  readonly hostName: string;
  /** Addresses of this machine. */
  readonly addresses: readonly string[];
  /** DNS names and addresses of --name; undefined keeps those of the last time. */
  readonly given: readonly string[] | undefined;
  readonly isForced: boolean;
  readonly now: Date;
};

export type TlsInitResult = {
  readonly authority: { readonly isNew: boolean; readonly sha256: string; readonly validTo: Date };
  /** `issuedFor` says why there is a new server certificate; absent when the old one was kept. */
  readonly server: { readonly issuedFor?: string; readonly names: readonly string[]; readonly validTo: Date };
  /** Names of this machine that the authority may not vouch for: it is older than they are. */
  readonly leftOut: readonly string[];
};

/**
 * Brings a TLS folder up to date: an authority unless there is one, and a server certificate unless the present one is
 * good for all names for 30 more days.
 *
 * @throws Error with the remedy for a bad or forbidden name, half an authority, or one that ends within 30 days
 */
export async function initTls(init: TlsInit): Promise<TlsInitResult> {
  const { tlsFolder, hostName, addresses, isForced, now } = init;
  const given = init.given ?? (await readGivenNames(tlsFolder));
  const wanted = [...machineNames(hostName, addresses), ...given.map(nameOrThrow)];
  const present = isForced ? undefined : await presentAuthority(tlsFolder, now);
  const authority = present ?? createAuthority(hostName, wanted, now);
  const forbidden = given.find((text) => !permits(authority.certPem, nameOrThrow(text)));
  if (forbidden !== undefined) {
    const command = [initCommand(tlsFolder), ...given.map((text) => `--name ${text}`), '--force'].join(' ');
    throw new Error(
      `the CA of ${tlsFolder} may not vouch for ${forbidden}; run "${command}" and trust the new CA on every seat and phone`,
    );
  }
  const names = distinctNames(wanted.filter((name) => permits(authority.certPem, name)));
  if (present === undefined) {
    // The key first: an interrupted run leaves a key without a certificate, which nobody trusts yet.
    await writeTlsFile(tlsFolder, 'ca.key', authority.keyPem);
    await writeTlsFile(tlsFolder, 'ca.crt', authority.certPem);
  }
  const reason = present === undefined ? 'the new CA' : await reasonToRenew(tlsFolder, authority.certPem, names, now);
  if (reason !== undefined) {
    const server = issueServerCertificate(authority, names, now);
    await writeTlsFile(tlsFolder, 'server.key', server.keyPem);
    await writeTlsFile(tlsFolder, 'server.crt', server.certPem);
  }
  await writeGivenNames(tlsFolder, given);
  const issuer = new X509Certificate(authority.certPem);
  const server = new X509Certificate((await readTlsFile(tlsFolder, 'server.crt')) ?? '');
  return {
    authority: { isNew: present === undefined, sha256: issuer.fingerprint256, validTo: issuer.validToDate },
    server: {
      ...(reason !== undefined && { issuedFor: reason }),
      names: names.map(({ value }) => value),
      validTo: server.validToDate,
    },
    leftOut: distinctNames(wanted.filter((name) => !permits(authority.certPem, name))).map(({ value }) => value),
  };
}

function machineNames(hostName: string, addresses: readonly string[]): CertificateName[] {
  const label = hostName.split('.')[0] ?? '';
  // A host name that DNS does not allow (with "_") cannot be typed into a browser either.
  const names = ['localhost', hostName, `${label}.local`, '127.0.0.1', '::1', ...addresses];
  return names.flatMap((name) => parseCertificateName(name) ?? []);
}

function nameOrThrow(text: string): CertificateName {
  const name = parseCertificateName(text);
  if (name === undefined) throw new Error(`--name ${text}: expected a host name without "*", or an address`);
  return name;
}

async function presentAuthority(tlsFolder: string, now: Date): Promise<KeyedCertificate | undefined> {
  const [certPem, keyPem] = await Promise.all([readTlsFile(tlsFolder, 'ca.crt'), readTlsFile(tlsFolder, 'ca.key')]);
  if (certPem === undefined && keyPem === undefined) return undefined;
  const remedy = `put it back, or make a new CA with "${initCommand(tlsFolder)} --force"`;
  if (certPem === undefined) throw new Error(`${tlsFolder}/ca.crt is missing; ${remedy}`);
  if (keyPem === undefined) throw new Error(`${tlsFolder}/ca.key is missing; ${remedy}`);
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(certPem);
    if (!certificate.checkPrivateKey(createPrivateKey(keyPem))) throw new Error('they do not belong together');
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Error(`${tlsFolder}: ca.crt and ca.key cannot be used (${words}); ${remedy.replace('it', 'them')}`, {
      cause: error,
    });
  }
  if (endsSoon(certificate, now)) {
    throw new Error(
      `the CA of ${tlsFolder} ends ${dateOf(certificate.validToDate)}; ` +
        `run "${initCommand(tlsFolder)} --force" and trust the new CA on every seat and phone`,
    );
  }
  return { certPem, keyPem };
}

async function reasonToRenew(
  tlsFolder: string,
  authorityPem: string,
  names: readonly CertificateName[],
  now: Date,
): Promise<string | undefined> {
  const [certPem, keyPem] = await Promise.all([
    readTlsFile(tlsFolder, 'server.crt'),
    readTlsFile(tlsFolder, 'server.key'),
  ]);
  if (certPem === undefined || keyPem === undefined) return 'a missing file';
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(certPem);
    if (!certificate.checkPrivateKey(createPrivateKey(keyPem))) return 'a key that did not belong to it';
  } catch {
    return 'an unreadable file';
  }
  if (!certificate.verify(new X509Certificate(authorityPem).publicKey)) return 'another CA';
  if (endsSoon(certificate, now)) return `its end, ${dateOf(certificate.validToDate)}`;
  const had = namesOf(certificate);
  const isSame = had.length === names.length && names.every((name) => had.some((other) => sameName(name, other)));
  return isSame ? undefined : 'changed names or addresses';
}
