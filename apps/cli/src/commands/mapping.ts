import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { mapMessage, readMapping, type ForeignMessage } from '@fengsui/protocol';
import { UsageError, type Command } from '../command.ts';

export const mappingCommand: Command = {
  usage: [
    'fengsui mapping try cloud-a.json --body message.json',
    'fengsui mapping try cloud-a.json < message.json',
    'fengsui mapping try maker-b.json --body message.json --topic maker-b/up/SN-1',
    'fengsui mapping check cloud-a.json',
    '',
    'try prints {statements, unmapped, unmappedCount, warnings}: what the mapping makes of the message, without a centre.',
    'Exit 0: everything was mapped; 1: the mapping is not sound, or something of the message was not mapped.',
    'The format: docs/reference/mapping.md. Options: --body FILE  --topic TOPIC',
  ].join('\n'),
  async run([action, ...args]) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { body: { type: 'string' }, topic: { type: 'string' } },
    });
    const [file, ...more] = positionals;
    if (action !== 'try' && action !== 'check') throw new UsageError(`mapping ${action ?? ''}: expected try or check`);
    if (file === undefined || more.length > 0) throw new UsageError('one mapping file is needed');
    const read = readMapping(parse(await readFile(file, 'utf8'), file));
    if (read.kind === 'problems') {
      for (const problem of read.problems) console.error(`${file}: ${problem}`);
      return 1;
    }
    if (action === 'check') {
      console.error(`${file}: mapping ${read.mapping.name} is sound`);
      return 0;
    }
    const message = values.body === undefined ? await standardInput() : await readFile(values.body, 'utf8');
    const result = mapMessage(read.mapping, messageOf(message, values.topic));
    console.log(JSON.stringify(result, null, 2));
    return result.unmappedCount === 0 ? 0 : 1;
  },
};

/** A message that is no JSON may be read by a mapping of texts; else it is named as what it is. */
function messageOf(text: string, topic: string | undefined): ForeignMessage {
  const on = topic === undefined ? {} : { topic };
  try {
    return { ...on, text, json: { value: JSON.parse(text.replace(/^\uFEFF/, '')) as unknown } };
  } catch {
    return { ...on, text: text.replace(/\n$/, '') };
  }
}

function parse(text: string, place: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${place}: is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
