import { Type, type Static } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { EpochMs, oneOf } from '../api/schema.ts';
import { canonicalJson } from '../wire/canonical-json.ts';
import { encodeUtf8 } from '../wire/utf8.ts';
import { versionPattern } from './version.ts';

/** `model`: what a terminal recognises loads with. `software`: the terminal's program. */
export const releaseKinds = ['model', 'software'] as const;
export type ReleaseKind = (typeof releaseKinds)[number];

/** What the file of a release may weigh: a model has to fit beside a firmware, software on a small disk, twice. */
export const largestReleaseBytes: Readonly<Record<ReleaseKind, number>> = {
  model: 200 * 1024,
  software: 64 * 1024 * 1024,
};
/** The manifest itself travels inside a command. */
export const largestManifestBytes = 16 * 1024;

const strict = { additionalProperties: false } as const;
const Version = Type.String({ pattern: versionPattern, description: 'such as 1.4.0' });

/** What must hold at a terminal before it takes a release; what is not named is not asked. */
export const ReleaseRequirements = Type.Object(
  {
    deviceModels: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
        minItems: 1,
        maxItems: 32,
        description: 'models it is made for; absent = generic-terminal',
      }),
    ),
    terminalVersionFrom: Type.Optional(Version),
    terminalVersionBelow: Type.Optional(Version),
    sampleRateHzFrom: Type.Optional(Type.Number({ minimum: 1, maximum: 1e6 })),
    sampleRateHzTo: Type.Optional(Type.Number({ minimum: 1, maximum: 1e6 })),
  },
  strict,
);
export type ReleaseRequirements = Static<typeof ReleaseRequirements>;

/**
 * What a release is, signed by the release key: Ed25519, base64url, over RFC 8785 (JCS) of the object without
 * `signature`. `format` keeps it apart from everything else that is signed.
 */
export const ReleaseManifest = Type.Object(
  {
    format: Type.Literal('fengsui-release'),
    schemaVersion: Type.Literal(1),
    kind: oneOf(releaseKinds),
    name: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$', description: 'of the model, or of the program' }),
    version: Version,
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    bytes: Type.Integer({ minimum: 1, maximum: largestReleaseBytes.software }),
    requires: ReleaseRequirements,
    rollBack: Type.Optional(
      Type.Literal(true, { description: 'older than what runs, on purpose: without it a terminal refuses it' }),
    ),
    notes: Type.Object({ zh: Type.String({ maxLength: 2_000 }), en: Type.String({ maxLength: 2_000 }) }, strict),
    createdAt: EpochMs,
    keyId: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    signature: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$', description: '64 bytes, base64url without padding' }),
  },
  strict,
);
export type ReleaseManifest = Static<typeof ReleaseManifest>;
export type UnsignedManifest = Omit<ReleaseManifest, 'signature'>;

/** Names a release at the centre and in the address of its file: `model-fengsui-city-2`. */
export const releaseIdOf = ({ kind, name, version }: Pick<ReleaseManifest, 'kind' | 'name' | 'version'>): string =>
  `${kind}-${name}-${version}`;

/** The shape alone: whether it is signed, and by whom, is the receiver's to check. */
export function readManifest(value: unknown): { readonly manifest: ReleaseManifest } | { readonly problem: string } {
  if (!Check(ReleaseManifest, value)) {
    const [first] = Errors(ReleaseManifest, value);
    return { problem: `manifest${first?.instancePath ?? ''} ${first?.message ?? 'is no manifest of a release'}` };
  }
  const { kind, bytes } = value;
  if (bytes > largestReleaseBytes[kind])
    return { problem: `manifest/bytes is ${bytes}, expected at most ${largestReleaseBytes[kind]} of a ${kind}` };
  return { manifest: value };
}

/** The bytes that the signature covers. @throws RangeError when a text has no canonical form. */
export function manifestBytes(manifest: UnsignedManifest & { readonly signature?: string }): Uint8Array<ArrayBuffer> {
  const { signature: _signature, ...unsigned } = manifest;
  return encodeUtf8(canonicalJson(unsigned));
}
