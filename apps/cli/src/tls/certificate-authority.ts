import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate, id_ce_nameConstraints, NameConstraints } from '@peculiar/asn1-x509';
import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto';
import { distinctNames, type CertificateName } from './certificate-name.ts';
import { issueCertificate, type KeyedCertificate } from './issue-certificate.ts';
import { includesAddress, networks, PRIVATE_NETWORKS } from './lan-addresses.ts';

const DAY_MS = 86_400_000;
const AUTHORITY_YEARS = 10;
/** CA/Browser Forum 6.3.2 and Apple refuse longer ones (398 days). */
const SERVER_DAYS = 397;
/** Phones whose clock is behind accept a new certificate too. */
const CLOCK_TOLERANCE_MS = DAY_MS;

/**
 * A new authority, P-256, ten years. It can sign for private addresses, `localhost`, `*.local` and `ownNames` alone:
 * whoever steals its key cannot pose as another site of the Internet to those who trust it.
 */
export function createAuthority(hostName: string, ownNames: readonly CertificateName[], now: Date): KeyedCertificate {
  const { publicKey, privateKey } = newKeyPair();
  const commonName = `Fengsui local CA ${now.toISOString().slice(0, 10)} ${hostName}`.trim();
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(now.getUTCFullYear() + AUTHORITY_YEARS);
  const privates = networks(PRIVATE_NETWORKS);
  const permitted: CertificateName[] = [
    { kind: 'dns', value: 'localhost' },
    // RFC 5280 4.2.1.10: a name permits everything that ends in it.
    { kind: 'dns', value: 'local' },
    ...PRIVATE_NETWORKS.map((value) => ({ kind: 'ip' as const, value })),
    ...ownNames
      .filter(({ kind, value }) => kind === 'dns' || !includesAddress(privates, value))
      .map(({ kind, value }) => ({ kind, value: kind === 'dns' ? value : `${value}/${prefixOf(value)}` })),
  ];
  const certPem = issueCertificate({
    commonName,
    publicKey,
    notBefore: new Date(now.getTime() - CLOCK_TOLERANCE_MS),
    notAfter,
    use: { kind: 'authority', permitted: distinctNames(permitted) },
    issuer: { commonName, privateKey, publicKey },
  });
  return { certPem, keyPem: pemOfKey(privateKey) };
}

/** A server certificate of 397 days, or less when the authority ends before. */
export function issueServerCertificate(
  authority: KeyedCertificate,
  names: readonly CertificateName[],
  now: Date,
): KeyedCertificate {
  const { publicKey, privateKey } = newKeyPair();
  const issuer = new X509Certificate(authority.certPem);
  const notBefore = new Date(now.getTime() - CLOCK_TOLERANCE_MS);
  const certPem = issueCertificate({
    commonName: 'Fengsui centre',
    publicKey,
    notBefore,
    notAfter: new Date(Math.min(notBefore.getTime() + SERVER_DAYS * DAY_MS, issuer.validToDate.getTime())),
    use: { kind: 'server', names },
    issuer: {
      commonName: commonNameOf(issuer),
      privateKey: createPrivateKey(authority.keyPem),
      publicKey: createPublicKey(authority.certPem),
    },
  });
  return { certPem, keyPem: pemOfKey(privateKey) };
}

/** Whether clients accept this name from this authority (its name constraints; none means all). */
export function permits(authorityPem: string, { kind, value }: CertificateName): boolean {
  const subtrees = constraintsOf(authorityPem)?.permittedSubtrees;
  if (subtrees === undefined) return true;
  const bases = [...subtrees].map(({ base }) => base);
  if (kind === 'ip') {
    return includesAddress(
      networks(bases.flatMap(({ iPAddress }) => (iPAddress === undefined ? [] : [iPAddress]))),
      value,
    );
  }
  return bases.some(({ dNSName }) => dNSName !== undefined && (value === dNSName || value.endsWith(`.${dNSName}`)));
}

function constraintsOf(authorityPem: string): NameConstraints | undefined {
  const certificate = AsnConvert.parse(new Uint8Array(new X509Certificate(authorityPem).raw).buffer, Certificate);
  const found = certificate.tbsCertificate.extensions?.find(({ extnID }) => extnID === id_ce_nameConstraints);
  return found === undefined ? undefined : AsnConvert.parse(found.extnValue.buffer, NameConstraints);
}

const commonNameOf = ({ subject }: X509Certificate): string => /^CN=(.*)$/m.exec(subject)?.[1] ?? '';

const newKeyPair = (): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' });

const pemOfKey = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const prefixOf = (address: string): number => (address.includes(':') ? 128 : 32);
