import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { readGbProfile, standardGbProfile, type GbProfile } from '@fengsui/protocol';
import { UsageError } from '../command.ts';

/** The one file of a command, or standard input. */
export async function readInput(positionals: readonly string[]): Promise<Buffer> {
  const [file = '-', ...more] = positionals;
  if (more.length > 0) throw new UsageError(`one FILE is expected, not ${positionals.length}`);
  if (file !== '-') return readFile(file);
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The profile of a file; the standard itself without one. */
export async function readProfile(file: string | undefined): Promise<GbProfile> {
  if (file === undefined) return standardGbProfile;
  const outcome = readGbProfile(JSON.parse(await readFile(file, 'utf8')));
  if (outcome.kind === 'profile') return outcome.profile;
  throw new Error(`${file}: ${outcome.problems.join('; ')}`);
}

/** Bytes of hex digits, blanks and | between them; undefined when it is none. */
export function bytesOfHex(text: string): Buffer | undefined {
  const digits = text.replace(/[\s|]/g, '');
  return /^(?:[0-9a-f]{2})+$/i.test(digits) ? Buffer.from(digits, 'hex') : undefined;
}
