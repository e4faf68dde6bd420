import process from 'node:process';
import { parseArgs } from 'node:util';
import { encodeGbFrame, gbFrameFromJson } from '@fengsui/protocol';
import { readInput, readProfile } from './gb26875-input.ts';

/** `fengsui gb26875 encode`: a JSON object a line → a frame a line; the first object that is none ends it. */
export async function encodeFrames(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { binary: { type: 'boolean' }, profile: { type: 'string' } },
    allowPositionals: true,
  });
  const profile = await readProfile(values.profile);
  const lines = (await readInput(positionals)).toString('utf8').split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const read = gbFrameFromJson(parse(line, index + 1), profile);
    if (read.kind === 'problems') {
      throw new Error(`line ${index + 1}: ${read.problems.map(({ message }) => message).join('; ')}`);
    }
    const bytes = Buffer.from(encodeGbFrame(read.frame, profile));
    process.stdout.write(values.binary === true ? bytes : `${bytes.toString('hex')}\n`);
  }
  return 0;
}

function parse(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`line ${number} is not JSON: ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
}
