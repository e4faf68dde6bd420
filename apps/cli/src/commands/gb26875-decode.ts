import process from 'node:process';
import { parseArgs } from 'node:util';
import {
  createGbFrameSplitter,
  decodeGbFrame,
  gbDiscardedToJson,
  gbFrameToJson,
  type GbDiscardedJson,
  type GbFrameJson,
  type GbPiece,
  type GbProfile,
} from '@fengsui/protocol';
import { UsageError } from '../command.ts';
import { bytesOfHex, readInput, readProfile } from './gb26875-input.ts';

type Line = GbFrameJson | GbDiscardedJson | { readonly valid: false; readonly reason: 'notHex'; readonly text: string };

/** Bytes taken from a stream at once: memory stays small however long the recording is. */
const PIECE_BYTES = 64 * 1024;

/** `fengsui gb26875 decode`. What cannot be read is a line of the answer, not a failure of the command. */
export async function decodeFrames(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { hex: { type: 'string' }, stream: { type: 'boolean' }, profile: { type: 'string' } },
    allowPositionals: true,
  });
  const profile = await readProfile(values.profile);
  if (values.hex !== undefined && positionals.length > 0) throw new UsageError('either --hex or FILE, not both');
  if (values.stream === true) {
    const bytes = values.hex === undefined ? await readInput(positionals) : bytesOfHex(values.hex);
    if (bytes === undefined) throw new UsageError('--hex: hex digits in pairs are expected');
    decodeStream(bytes, profile);
    return 0;
  }
  const text = values.hex ?? (await readInput(positionals)).toString('utf8');
  const lines = values.hex === undefined ? text.split('\n').filter((line) => line.trim() !== '') : [text];
  for (const line of lines) print(decodeLine(line, profile));
  return 0;
}

function decodeStream(bytes: Buffer, profile: GbProfile): void {
  const splitter = createGbFrameSplitter();
  const printAll = (pieces: readonly GbPiece[]): void => {
    for (const piece of pieces) {
      if (piece.kind === 'frame') print(decodeBytes(piece.bytes, profile));
      // A damaged frame is only announced: its bytes come as discarded.
      else if (piece.kind === 'discarded') print(gbDiscardedToJson(piece));
    }
  };
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) printAll(splitter.push(bytes.subarray(at, at + PIECE_BYTES)));
  printAll(splitter.end());
}

export function decodeLine(line: string, profile: GbProfile): Line {
  const bytes = bytesOfHex(line);
  return bytes === undefined
    ? { valid: false, reason: 'notHex', text: line.slice(0, 200) }
    : decodeBytes(bytes, profile);
}

function decodeBytes(bytes: Uint8Array, profile: GbProfile): Line {
  const decoded = decodeGbFrame(bytes, profile);
  return decoded.kind === 'frame' ? gbFrameToJson(decoded.frame, profile) : gbDiscardedToJson(decoded);
}

function print(line: Line): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
