import { createHash } from 'node:crypto';
import { Header } from 'tar';
import type { EvidenceSigner } from './evidence-key.ts';

/** Names are ASCII and shorter than 100: any tar reads them. */
export type EvidenceFile = { readonly name: string; readonly body: Uint8Array };

/** What the manifest says beside its files. */
export type EvidenceHead = {
  readonly incident: { readonly id: string; readonly number: number };
  readonly venueId: string;
  readonly origin: string;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly madeBy: string;
  /** Of the audit when it was made: what is in it was not written later. */
  readonly auditHead: { readonly sequence: number; readonly hash: string };
};

const BLOCK = 512;

/** A tar, piece by piece: the files, then a manifest with the SHA-256 of each, then its signature. */
export async function* evidenceArchive(
  head: EvidenceHead,
  files: AsyncIterable<EvidenceFile>,
  signer: EvidenceSigner,
): AsyncGenerator<Uint8Array> {
  const at = new Date(head.madeAt);
  const packed: { readonly name: string; readonly bytes: number; readonly sha256: string }[] = [];
  for await (const file of files) {
    const { name, body } = file;
    packed.push({ name, bytes: body.byteLength, sha256: createHash('sha256').update(body).digest('hex') });
    yield* entry(file, at);
  }
  const { keyId, publicKey } = signer;
  const manifest = { schema: 'fengsui.evidence.1', ...head, keyId, publicKey, files: packed };
  const text = Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`);
  yield* entry({ name: 'manifest.json', body: text }, at);
  yield* entry({ name: 'manifest.sig', body: Buffer.from(signer.sign(text)) }, at);
  yield Buffer.alloc(2 * BLOCK);
}

function* entry({ name, body }: EvidenceFile, at: Date): Generator<Uint8Array> {
  const mtime = new Date(Math.floor(at.getTime() / 1000) * 1000);
  const header = new Header({ path: name, size: body.byteLength, mode: 0o444, mtime, type: 'File' });
  if (header.encode() || header.block === undefined) throw new Error(`no tar header for ${name}`);
  yield header.block;
  yield body;
  const rest = body.byteLength % BLOCK;
  if (rest > 0) yield Buffer.alloc(BLOCK - rest);
}
