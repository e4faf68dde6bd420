import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { open, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  largestReleaseBytes,
  manifestBytes,
  readManifest,
  releaseIdOf,
  releaseKinds,
  type CommandKey,
  type ReleaseKind,
  type ReleaseManifest,
} from '@fengsui/protocol';
import { loadReleaseKeys, releaseProblem, SOFTWARE_NAME } from '@fengsui/terminal';
import { decodeModel } from '@fengsui/fingerprint';
import { UsageError, type Command } from '../command.ts';

export const releaseCommand: Command = {
  usage: [
    'fengsui release keygen --key release.pem --public release-keys.json',
    'fengsui release sign --key release.pem --kind model --file city-2.json --notes-zh 说明 --notes-en words > city-2.manifest.json',
    'fengsui release sign --key release.pem --kind software --version 1.4.0 --file fengsui-1.4.0.tgz --notes-zh 说明 --notes-en words',
    'fengsui release verify --keys release-keys.json --manifest city-2.manifest.json [--file city-2.json]',
    'fengsui release upload --centre https://centre:8119 --token-file admin.token --manifest M --file F',
    '',
    'Releases for terminals: docs/guides/releases.md. The release key signs; keep it off the centre, on a machine that is',
    'not connected if you can. The public half goes to the centre (keys/release-keys.json) and to every terminal.',
    'Options of sign:',
    '  --version V               of software; a model says its own',
    '  --roll-back               older than what runs, on purpose',
    '  --for MODEL,MODEL         device models it is made for; default generic-terminal',
    '  --terminal-from V  --terminal-below V     versions of the terminal that take it',
    '  --rate-from HZ  --rate-to HZ              sampling rates that take it',
    '  --manifest FILE           write it there instead of to stdout',
  ].join('\n'),
  async run([action, ...args]) {
    switch (action) {
      case 'keygen':
        return keygen(args);
      case 'sign':
        return signRelease(args);
      case 'verify':
        return verifyRelease(args);
      case 'upload':
        return uploadRelease(args);
      default:
        throw new UsageError(`release ${action ?? ''}: expected keygen, sign, verify or upload`);
    }
  },
};

async function keygen(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { key: { type: 'string' }, public: { type: 'string' } } });
  const [key, publicFile] = [needed(values.key, '--key'), needed(values.public, '--public')];
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeNew(key, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 0o600);
  const publicKey = publicHalf(privateKey);
  await writeNew(publicFile, `${JSON.stringify({ releaseKeys: [publicKey] }, undefined, 2)}\n`, 0o644);
  console.error(`release key ${publicKey.keyId}: private ${key} (keep it offline), public ${publicFile}`);
  return 0;
}

async function signRelease(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      key: { type: 'string' },
      kind: { type: 'string' },
      file: { type: 'string' },
      version: { type: 'string' },
      manifest: { type: 'string' },
      for: { type: 'string' },
      'roll-back': { type: 'boolean' },
      'notes-zh': { type: 'string' },
      'notes-en': { type: 'string' },
      'terminal-from': { type: 'string' },
      'terminal-below': { type: 'string' },
      'rate-from': { type: 'string' },
      'rate-to': { type: 'string' },
    },
  });
  const file = needed(values.file, '--file');
  const kind = kindOf(values.kind);
  const notes = { zh: needed(values['notes-zh'], '--notes-zh'), en: needed(values['notes-en'], '--notes-en') };
  const privateKey = await readPrivateKey(needed(values.key, '--key'));
  const content = await readFile(file);
  if (content.length > largestReleaseBytes[kind])
    throw new Error(`${file} has ${content.length} bytes, expected at most ${largestReleaseBytes[kind]} of a ${kind}`);
  const { keyId } = publicHalf(privateKey);
  const models = values.for?.split(',').map((model) => model.trim());
  const [terminalVersionFrom, terminalVersionBelow] = [values['terminal-from'], values['terminal-below']];
  const [sampleRateHzFrom, sampleRateHzTo] = [
    hertz('--rate-from', values['rate-from']),
    hertz('--rate-to', values['rate-to']),
  ];
  const unsigned = {
    ...({ format: 'fengsui-release', schemaVersion: 1, kind, ...nameOf(kind, content, file, values.version) } as const),
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: content.length,
    requires: {
      ...(models !== undefined && { deviceModels: models }),
      ...(terminalVersionFrom !== undefined && { terminalVersionFrom }),
      ...(terminalVersionBelow !== undefined && { terminalVersionBelow }),
      ...(sampleRateHzFrom !== undefined && { sampleRateHzFrom }),
      ...(sampleRateHzTo !== undefined && { sampleRateHzTo }),
    },
    ...(values['roll-back'] === true && ({ rollBack: true } as const)),
    notes,
    createdAt: Date.now(),
    keyId,
  };
  const signature = sign(null, manifestBytes(unsigned), privateKey).toString('base64url');
  const read = readManifest({ ...unsigned, signature });
  if ('problem' in read) throw new Error(read.problem);
  const text = `${JSON.stringify(read.manifest, undefined, 2)}\n`;
  if (values.manifest === undefined) process.stdout.write(text);
  else await writeNew(values.manifest, text, 0o644);
  console.error(`${releaseIdOf(read.manifest)}: ${content.length} bytes, signed by ${keyId}`);
  return 0;
}

async function verifyRelease(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { keys: { type: 'string' }, manifest: { type: 'string' }, file: { type: 'string' } },
  });
  const keys = loadReleaseKeys(needed(values.keys, '--keys'));
  const manifest = await manifestIn(needed(values.manifest, '--manifest'));
  const problem = releaseProblem(manifest, keys);
  if (problem !== undefined) throw new Error(`${problem.code}: ${problem.detail}`);
  if (values.file !== undefined) checkContent(manifest, await readFile(values.file), values.file);
  console.error(
    `${releaseIdOf(manifest)}: signed by ${manifest.keyId}${values.file === undefined ? '' : ', the file matches'}`,
  );
  return 0;
}

async function uploadRelease(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      centre: { type: 'string' },
      'token-file': { type: 'string' },
      manifest: { type: 'string' },
      file: { type: 'string' },
    },
  });
  const centre = needed(values.centre, '--centre');
  const file = needed(values.file, '--file');
  const token = (await readFile(needed(values['token-file'], '--token-file'), 'utf8')).trim();
  const manifest = await manifestIn(needed(values.manifest, '--manifest'));
  const content = await readFile(file);
  checkContent(manifest, content, file);
  const authorization = `Bearer ${token}`;
  await answered('POST', new URL('/api/v1/releases', centre), {
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ manifest }),
  });
  await answered('PUT', new URL(`/api/v1/releases/${encodeURIComponent(releaseIdOf(manifest))}/file`, centre), {
    headers: { authorization, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(content),
  });
  console.log(releaseIdOf(manifest));
  return 0;
}

const UPLOAD_TIMEOUT_MS = 10 * 60_000;

async function answered(
  method: string,
  url: URL,
  given: { readonly headers: Record<string, string>; readonly body: string | Uint8Array<ArrayBuffer> },
): Promise<void> {
  const response = await fetch(url, { method, ...given, signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS) });
  const body = (await response.json().catch(() => ({}))) as { readonly detail?: string };
  if (!response.ok) throw new Error(`the centre refused: ${body.detail ?? `HTTP ${response.status}`}`);
}

function checkContent({ bytes, sha256 }: ReleaseManifest, content: Buffer, file: string): void {
  const own = createHash('sha256').update(content).digest('hex');
  if (content.length !== bytes || own !== sha256)
    throw new Error(`${file} has ${content.length} bytes and sha256 ${own}; the manifest says ${bytes} and ${sha256}`);
}

/** A model names itself; a program is the terminal's. */
function nameOf(
  kind: ReleaseKind,
  content: Buffer,
  file: string,
  version: string | undefined,
): { readonly name: string; readonly version: string } {
  if (kind === 'software') return { name: SOFTWARE_NAME, version: needed(version, '--version') };
  if (version !== undefined) throw new UsageError('--version: a model says its own');
  const decoded = decodeModel(content.toString('utf8'));
  if (decoded.kind === 'refused') throw new Error(`${file}: ${decoded.reason}`);
  return { name: decoded.model.id, version: decoded.model.version };
}

async function manifestIn(file: string): Promise<ReleaseManifest> {
  const read = readManifest(JSON.parse(await readFile(file, 'utf8')) as unknown);
  if ('problem' in read) throw new Error(`${file}: ${read.problem}`);
  return read.manifest;
}

async function readPrivateKey(file: string): Promise<KeyObject> {
  const key = createPrivateKey(await readFile(file, 'utf8'));
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error(`${file}: a key of type ${String(key.asymmetricKeyType)}, Ed25519 expected`);
  return key;
}

function publicHalf(privateKey: KeyObject): CommandKey {
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const keyId = createHash('sha256').update(Buffer.from(x, 'base64url')).digest('hex').slice(0, 16);
  return { keyId, publicKey: x };
}

/** Never over a file that is there: it may be the only copy of a key. */
async function writeNew(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await writeFile(handle, text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function kindOf(word: string | undefined): ReleaseKind {
  const kind = releaseKinds.find((known) => known === word);
  if (kind === undefined) throw new UsageError(`--kind ${word ?? ''}: expected ${releaseKinds.join(' or ')}`);
  return kind;
}

function hertz(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new UsageError(`${option} ${text}: expected Hz`);
  return value;
}

function needed(value: string | undefined, option: string): string {
  if (value === undefined) throw new UsageError(`${option} is needed`);
  return value;
}
