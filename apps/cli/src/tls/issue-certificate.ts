import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  NameConstraints,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import { createHash, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { CertificateName } from './certificate-name.ts';

/** A certificate and its private key, both PEM. */
export type KeyedCertificate = { readonly certPem: string; readonly keyPem: string };

export type CertificateRequest = {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** `authority` may sign servers for these names alone; `server` is one of them. */
  readonly use:
    | { readonly kind: 'authority'; readonly permitted: readonly CertificateName[] }
    | { readonly kind: 'server'; readonly names: readonly CertificateName[] };
  readonly issuer: { readonly commonName: string; readonly privateKey: KeyObject; readonly publicKey: KeyObject };
};

const ORGANISATION = 'Fengsui';
const ID_ORGANISATION = '2.5.4.10';
const ID_COMMON_NAME = '2.5.4.3';
const COMMON_NAME_LENGTH = 64; // RFC 5280 appendix A: ub-common-name
const ID_ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';

/** Signs an X.509 v3 certificate (RFC 5280) with ECDSA and SHA-256; the keys are EC keys. Gives PEM. */
export function issueCertificate(request: CertificateRequest): string {
  const { commonName, publicKey, notBefore, notAfter, issuer } = request;
  const signatureAlgorithm = new AlgorithmIdentifier({ algorithm: ID_ECDSA_WITH_SHA256 });
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: signatureAlgorithm,
    issuer: distinguishedName(issuer.commonName),
    validity: new Validity({ notBefore, notAfter }),
    subject: distinguishedName(commonName),
    subjectPublicKeyInfo: publicKeyInfo(publicKey),
    extensions: new Extensions([
      ...extensionsOf(request.use),
      extension(id_ce_subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyIdentifier(publicKey))),
      extension(
        id_ce_authorityKeyIdentifier,
        false,
        new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyIdentifier(issuer.publicKey)) }),
      ),
    ]),
  });
  const signed = Buffer.from(AsnConvert.serialize(tbsCertificate));
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm,
    signatureValue: exactBuffer(sign('sha256', signed, issuer.privateKey)),
  });
  return pemOf(Buffer.from(AsnConvert.serialize(certificate)));
}

function extensionsOf(use: CertificateRequest['use']): Extension[] {
  if (use.kind === 'authority') {
    const permittedSubtrees = new GeneralSubtrees(
      use.permitted.map((name) => new GeneralSubtree({ base: generalName(name) })),
    );
    return [
      extension(id_ce_basicConstraints, true, new BasicConstraints({ cA: true, pathLenConstraint: 0 })),
      extension(id_ce_keyUsage, true, new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign)),
      extension(id_ce_extKeyUsage, false, new ExtendedKeyUsage([id_kp_serverAuth])),
      // RFC 5280 4.2.1.10: critical, so that a client that does not know it refuses rather than trusts too much.
      extension(id_ce_nameConstraints, true, new NameConstraints({ permittedSubtrees })),
    ];
  }
  return [
    extension(id_ce_basicConstraints, true, new BasicConstraints({ cA: false })),
    extension(id_ce_keyUsage, true, new KeyUsage(KeyUsageFlags.digitalSignature)),
    extension(id_ce_extKeyUsage, false, new ExtendedKeyUsage([id_kp_serverAuth])),
    extension(id_ce_subjectAltName, false, new SubjectAlternativeName(use.names.map(generalName))),
  ];
}

function extension(extnID: string, critical: boolean, value: unknown): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

const generalName = ({ kind, value }: CertificateName): GeneralName =>
  new GeneralName(kind === 'ip' ? { iPAddress: value } : { dNSName: value });

function distinguishedName(commonName: string): Name {
  const part = (type: string, text: string): RelativeDistinguishedName =>
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type, value: new AttributeValue({ utf8String: text }) }),
    ]);
  return new Name([part(ID_ORGANISATION, ORGANISATION), part(ID_COMMON_NAME, commonName.slice(0, COMMON_NAME_LENGTH))]);
}

function publicKeyInfo(publicKey: KeyObject): SubjectPublicKeyInfo {
  return AsnConvert.parse(exactBuffer(publicKey.export({ type: 'spki', format: 'der' })), SubjectPublicKeyInfo);
}

/** RFC 7093 2 method 1: the leftmost 160 bits of the SHA-256 of the public key's bits. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const bits = Buffer.from(publicKeyInfo(publicKey).subjectPublicKey);
  return createHash('sha256').update(bits).digest().subarray(0, 20);
}

/** RFC 5280 4.1.2.2: positive, at most 20 octets; 126 random bits, the first octet neither 0 nor negative. */
function serialNumber(): ArrayBuffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return exactBuffer(bytes);
}

/** A copy: small Buffers share one pool, whose whole would be taken. */
const exactBuffer = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
