import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvaluationError } from '../suite.ts';

/** Reads a file of little-endian 16-bit integers. `count`: how many the index promises. */
export async function readInt16(folder: string, file: string, count: number): Promise<Int16Array> {
  const path = join(folder, file);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new EvaluationError(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (bytes.byteLength < 2 * count) {
    throw new EvaluationError(`${path}: ${bytes.byteLength} bytes, expected at least ${2 * count} by the index`);
  }
  // Copied: a Buffer may start at an odd byte of its pool, where no Int16Array can.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int16Array.from({ length: count }, (_, i) => view.getInt16(2 * i, true));
}
