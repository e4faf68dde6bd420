import { text } from 'node:stream/consumers';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';

export const userCommand: Command = {
  usage: [
    'fengsui user create --name operator1 --role operator < password.txt',
    'fengsui user create --name owner7 --role venueManager --venue V7',
    '',
    'The password is read from standard input (a terminal asks for it), never from an argument.',
    'Options: --name NAME  --role ROLE  --venue ID (repeatable)  --json  --data DIR',
  ].join('\n'),
  async run([action, ...args]) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        name: { type: 'string' },
        role: { type: 'string' },
        venue: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        data: { type: 'string' },
      },
    });
    if (action !== 'create') throw new UsageError(`user ${action ?? ''}: expected create`);
    const { name, role, venue, data } = values;
    if (name === undefined || role === undefined) throw new UsageError('--name and --role are needed');
    const password = await readPassword(name);
    const account = await administer(data, 'createUser', {
      username: name,
      password,
      role,
      ...(venue !== undefined && { venueIds: venue }),
    });
    console.log(values.json ? JSON.stringify(account) : `account ${account.username} (${account.role})`);
    return 0;
  },
};

async function readPassword(name: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '');
  process.stderr.write(`Password for ${name}: `);
  process.stdin.setRawMode(true);
  let typed = '';
  try {
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      for (const character of chunk.toString('utf8')) {
        if (character === '\u0003') throw new Error('interrupted');
        if (character === '\r' || character === '\n') {
          process.stderr.write('\n');
          return typed;
        }
        typed = character === '\u007f' ? typed.slice(0, -1) : typed + character;
      }
    }
  } finally {
    process.stdin.setRawMode(false);
    process.stdin.pause();
  }
  return typed;
}
