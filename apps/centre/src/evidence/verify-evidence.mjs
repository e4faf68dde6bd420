#!/usr/bin/env node
/**
 * Checks an evidence package of Fengsui: that each file is as it was packed, and by which centre it was signed. Needs
 * Node.js and nothing else: node verify-evidence.mjs incident-7.tar
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const BLOCK = 512;
const MANIFEST = 'manifest.json';
const SIGNATURE = 'manifest.sig';

/**
 * @param {Buffer} archive a tar
 * @returns {{ problems: string[], manifest?: { incident: { number: number }, madeAt: string, madeBy: string, origin: string,
 *   keyId: string, files: { name: string, bytes: number, sha256: string }[], auditHead: { sequence: number, hash: string } } }}
 *   `problems` names each file that is not as it was packed; [] when all are.
 */
export function verifyEvidence(archive) {
  const { entries, problems } = entriesOf(archive);
  const text = entries.get(MANIFEST);
  if (text === undefined) return { problems: [...problems, `${MANIFEST} is missing`] };
  let manifest;
  try {
    manifest = JSON.parse(text.toString('utf8'));
  } catch {
    return { problems: [...problems, `${MANIFEST} is no JSON`] };
  }
  if (!isSigned(manifest, text, entries.get(SIGNATURE)))
    problems.push(`${MANIFEST} or ${SIGNATURE}: the signature does not fit`);
  const listed = new Set([MANIFEST, SIGNATURE]);
  for (const { name, bytes, sha256 } of manifest.files ?? []) {
    listed.add(name);
    const body = entries.get(name);
    if (body === undefined) problems.push(`${name} is missing`);
    else if (body.byteLength !== bytes || createHash('sha256').update(body).digest('hex') !== sha256)
      problems.push(`${name} is not as it was packed`);
  }
  for (const name of entries.keys()) if (!listed.has(name)) problems.push(`${name} was not packed by the centre`);
  return { problems, manifest };
}

function isSigned({ publicKey, keyId }, text, signature) {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
    const isItsId = createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex').startsWith(keyId);
    return isItsId && keyId.length === 16 && verify(null, text, key, Buffer.from(String(signature), 'base64url'));
  } catch {
    return false;
  }
}

/** POSIX.1-1988 (ustar): files alone. */
function entriesOf(archive) {
  const entries = new Map();
  const problems = [];
  let offset = 0;
  while (offset + BLOCK <= archive.byteLength) {
    const header = archive.subarray(offset, offset + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const name = textIn(header, 0, 100);
    const size = Number.parseInt(textIn(header, 124, 12), 8);
    if (checksumOf(header) !== Number.parseInt(textIn(header, 148, 8), 8) || !Number.isInteger(size)) {
      problems.push(`the entry at byte ${offset} (${JSON.stringify(name)}) is not as it was packed`);
      return { entries, problems };
    }
    const end = offset + BLOCK + size;
    if (end > archive.byteLength) problems.push(`${name} is cut off`);
    if (entries.has(name)) problems.push(`${name} is there twice`);
    entries.set(name, archive.subarray(offset + BLOCK, end));
    const next = offset + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (archive.subarray(end, next).some((byte) => byte !== 0)) problems.push(`something lies behind ${name}`);
    offset = next;
  }
  if (archive.subarray(offset).some((byte) => byte !== 0)) problems.push('something lies behind the last file');
  return { entries, problems };
}

const textIn = (header, from, length) => {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString('utf8');
};

/** The field itself counts as eight spaces. */
const checksumOf = (header) => header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);

/** @returns {number} exit code */
export function sayWhatIsVerified(file, say = console.log) {
  const { problems, manifest } = verifyEvidence(readFileSync(file));
  for (const problem of problems) say(`BROKEN: ${problem}`);
  if (problems.length > 0 || manifest === undefined) return 1;
  const { incident, madeAt, madeBy, origin, keyId, files, auditHead } = manifest;
  say(`incident ${incident.number}, ${origin}: ${files.length} files as they were packed at ${madeAt} by ${madeBy}`);
  say(`signed with key ${keyId}; audit head then: row ${auditHead.sequence}, ${auditHead.hash}`);
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , file] = process.argv;
  if (file === undefined) {
    console.error('usage: node verify-evidence.mjs FILE.tar');
    process.exitCode = 2;
  } else process.exitCode = sayWhatIsVerified(file);
}
