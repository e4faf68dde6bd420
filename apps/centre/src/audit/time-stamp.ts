import { hash, randomBytes, verify, X509Certificate } from 'node:crypto';
import { ContentInfo, SignedData, type Attribute, type SignerInfo } from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { id_ct_tstInfo, MessageImprint, PKIStatus, TimeStampReq, TimeStampResp, TSTInfo } from '@peculiar/asn1-tsp';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';

const SHA_256 = '2.16.840.1.101.3.4.2.1';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const LONGEST_CHAIN = 4;

/** Node's name of the hash, by the OID of a digest or of a signature that names one. */
const HASHES: Readonly<Record<string, string>> = {
  [SHA_256]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};
/** rsaEncryption: the digest algorithm says which hash. */
const RSA = '1.2.840.113549.1.1.1';

export type TimeStamp = {
  /** Epoch ms by the authority's clock. */
  readonly at: number;
  /** Subject of the certificate that signed. */
  readonly authority: string;
};

/** What is not as RFC 3161 has it, or not by whom it should be. */
export class TimeStampError extends Error {}

/** A request to stamp a SHA-256 (hex), with the nonce that its answer must bear. */
export function timeStampRequest(sha256: string): { readonly request: Buffer; readonly nonce: Buffer } {
  const nonce = randomBytes(16);
  // A positive INTEGER in as few bytes as it takes.
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40;
  const request = new TimeStampReq({
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: SHA_256, parameters: null }),
      hashedMessage: new OctetString(Buffer.from(sha256, 'hex')),
    }),
    nonce: exact(nonce),
    certReq: true,
  });
  return { request: Buffer.from(AsnConvert.serialize(request)), nonce };
}

/** The token (DER) of an answer. @throws TimeStampError when it was refused, or is of another request. */
export function tokenOf(answer: Buffer, nonce: Buffer): Buffer {
  const { status, timeStampToken } = read(answer, TimeStampResp);
  const isGranted = status.status === PKIStatus.granted || status.status === PKIStatus.grantedWithMods;
  if (!isGranted || timeStampToken === undefined)
    throw new TimeStampError(`refused: ${[...(status.statusString ?? []), `status ${status.status}`].join(', ')}`);
  const token = Buffer.from(AsnConvert.serialize(timeStampToken));
  const said = contentOf(signedDataOf(token)).info.nonce;
  if (said === undefined || !Buffer.from(said).equals(nonce))
    throw new TimeStampError('the answer is of another request');
  return token;
}

/**
 * Whether a token stamps this SHA-256 (hex), signed by one of the certificates (PEM), or by one that they signed.
 *
 * @throws TimeStampError with the first thing that is wrong.
 */
export function verifyTimeStamp(token: Buffer, sha256: string, authorityPem: string): TimeStamp {
  try {
    return verified(token, sha256, authorityPem);
  } catch (error) {
    throw error instanceof TimeStampError ? error : unreadable(error);
  }
}

function verified(token: Buffer, sha256: string, authorityPem: string): TimeStamp {
  const signed = signedDataOf(token);
  const { info, bytes } = contentOf(signed);
  const { hashAlgorithm, hashedMessage } = info.messageImprint;
  if (hashAlgorithm.algorithm !== SHA_256 || Buffer.from(hashedMessage.buffer).toString('hex') !== sha256)
    throw new TimeStampError('it stamps something else');
  const [signer, ...others] = [...signed.signerInfos];
  if (signer === undefined || others.length > 0) throw new TimeStampError('expected one signature');
  checkAttributes(signer, bytes);
  const trusted = certificatesOf(authorityPem);
  const sent = (signed.certificates ?? []).flatMap(({ certificate }) =>
    certificate === undefined ? [] : [new X509Certificate(Buffer.from(AsnConvert.serialize(certificate)))],
  );
  const by = [...sent, ...trusted].find((certificate) => hasSigned(certificate, signer));
  if (by === undefined) throw new TimeStampError('the signature is of none of the certificates');
  if (!isTrusted(by, sent, trusted))
    throw new TimeStampError(`${subjectOf(by)} is not the authority that is configured`);
  if (by.keyUsage?.includes(TIME_STAMPING) !== true)
    throw new TimeStampError(`the certificate of ${subjectOf(by)} is not for time stamps`);
  const at = info.genTime.getTime();
  if (at < Date.parse(by.validFrom) || at > Date.parse(by.validTo))
    throw new TimeStampError(`the certificate of ${subjectOf(by)} was not valid at ${info.genTime.toISOString()}`);
  return { at, authority: subjectOf(by) };
}

function signedDataOf(token: Buffer): SignedData {
  return read(Buffer.from(read(token, ContentInfo).content), SignedData);
}

function contentOf({ encapContentInfo }: SignedData): { readonly info: TSTInfo; readonly bytes: Buffer } {
  const { eContentType, eContent } = encapContentInfo;
  const content = eContent?.single;
  if (eContentType !== id_ct_tstInfo || content === undefined) throw new TimeStampError('it is no time stamp');
  const bytes = Buffer.from(content.buffer);
  return { info: read(bytes, TSTInfo), bytes };
}

/** What is signed are the attributes: they name the content by its hash. */
function checkAttributes({ signedAttrs, digestAlgorithm }: SignerInfo, content: Buffer): void {
  const valueOf = (type: string): ArrayBuffer | undefined =>
    signedAttrs?.find(({ attrType }) => attrType === type)?.attrValues[0];
  const digest = valueOf(MESSAGE_DIGEST);
  const algorithm = HASHES[digestAlgorithm.algorithm];
  if (digest === undefined || valueOf(CONTENT_TYPE) === undefined || algorithm === undefined)
    throw new TimeStampError(`its signature is of a kind that is not known: ${digestAlgorithm.algorithm}`);
  const said = Buffer.from(AsnConvert.parse(digest, OctetString).buffer);
  if (!said.equals(hash(algorithm, content, 'buffer'))) throw new TimeStampError('its content was changed');
}

function hasSigned(certificate: X509Certificate, signer: SignerInfo): boolean {
  const { signedAttrs, signatureAlgorithm, digestAlgorithm, signature } = signer;
  const oid = signatureAlgorithm.algorithm === RSA ? digestAlgorithm.algorithm : signatureAlgorithm.algorithm;
  const algorithm = HASHES[oid];
  if (signedAttrs === undefined || algorithm === undefined) return false;
  try {
    return verify(algorithm, setOf(signedAttrs), certificate.publicKey, Buffer.from(signature.buffer));
  } catch {
    return false;
  }
}

/** What is signed (RFC 5652, 5.4): the attributes as a SET OF in DER, which are sent under another tag. */
function setOf(attributes: readonly Attribute[]): Buffer {
  const items = attributes
    .map((attribute) => Buffer.from(AsnConvert.serialize(attribute)))
    .sort((one, other) => one.compare(other));
  const bytes = items.reduce((sum, { length }) => sum + length, 0);
  const [high, low] = [bytes >> 8, bytes & 0xff];
  const length = bytes < 0x80 ? [low] : bytes < 0x100 ? [0x81, low] : [0x82, high, low];
  return Buffer.concat([Buffer.from([0x31, ...length]), ...items]);
}

function isTrusted(
  certificate: X509Certificate,
  sent: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  depth = 0,
): boolean {
  if (trusted.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256)) return true;
  if (depth === LONGEST_CHAIN) return false;
  const issued = (by: X509Certificate): boolean =>
    by.ca && certificate.checkIssued(by) && certificate.verify(by.publicKey);
  return [...trusted, ...sent].some((by) => issued(by) && isTrusted(by, sent, trusted, depth + 1));
}

/** Every certificate of a PEM file. @throws TimeStampError when there is none. */
export function certificatesOf(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new TimeStampError('there is no certificate in PEM');
  return blocks.map((block) => new X509Certificate(block));
}

const subjectOf = ({ subject }: X509Certificate): string => subject.replaceAll('\n', ', ');

const exact = (buffer: Buffer): ArrayBuffer => new Uint8Array(buffer).buffer;

function read<Type>(der: Buffer, type: new () => Type): Type {
  try {
    return AsnConvert.parse(exact(der), type);
  } catch (error) {
    throw unreadable(error);
  }
}

const unreadable = (error: unknown): TimeStampError =>
  new TimeStampError(`it cannot be read: ${error instanceof Error ? error.message : String(error)}`);
