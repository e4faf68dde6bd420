import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { commandBytes, type CommandKey, type CommandMessage } from '@fengsui/protocol';

/** The key pair of a centre: devices that pinned its public half obey what it signs. */
export type CommandSigner = {
  readonly publicKey: CommandKey;
  sign(unsigned: Omit<CommandMessage, 'keyId' | 'signature'>): CommandMessage;
};

const FILE = 'command.pem';

/**
 * The key of this data folder, made at the first start and readable by its owner alone. Whoever has it commands the
 * devices; who loses it has to enrol them anew.
 *
 * @throws Error naming the file when it holds something else than an Ed25519 key.
 */
export async function openCommandKey(folder: string): Promise<CommandSigner> {
  const file = path.join(folder, FILE);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const text = await readOrMake(file);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(text);
  } catch (error) {
    throw new Error(`${file}: expected an Ed25519 private key (PEM, PKCS 8)`, { cause: error });
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') {
    throw new Error(`${file}: a key of type ${String(privateKey.asymmetricKeyType)}, Ed25519 expected`);
  }
  return createCommandSigner(privateKey);
}

export function createCommandSigner(privateKey: KeyObject): CommandSigner {
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const keyId = createHash('sha256').update(Buffer.from(x, 'base64url')).digest('hex').slice(0, 16);
  return {
    publicKey: { keyId, publicKey: x },
    sign(unsigned) {
      const named = { ...unsigned, keyId };
      return { ...named, signature: sign(null, commandBytes(named), privateKey).toString('base64url') };
    },
  };
}

/** Whole or not at all: half a key would be a centre that no device obeys. */
async function readOrMake(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  const text = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const draft = `${file}.part`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(draft, 0o600);
  await rename(draft, file);
  return text;
}
