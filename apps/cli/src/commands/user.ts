import { text } from 'node:stream/consumers';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Account } from '@fengsui/protocol';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';

export const userCommand: Command = {
  usage: [
    'fengsui user create --name operator1 --role operator < password.txt',
    'fengsui user create --name owner7 --role venueManager --venue V7',
    'fengsui user create --name group1 --role venueManager --organisation O1   sees what O1 and those below own',
    'fengsui user list',
    'fengsui user disable --name operator1      ends all its log-ins at once',
    'fengsui user enable --name operator1',
    'fengsui user password --name operator1     prints a one-time password, to be changed at the first log-in',
    'fengsui user unlock --name operator1       forgets the wrong passwords that were given for it',
    'fengsui user drop-factor --name operator1  takes away a second factor that was lost; ends all its log-ins',
    '',
    'The password of a new account is read from standard input (a terminal asks for it), never from an argument.',
    'Options: --name NAME  --role ROLE  --venue ID (repeatable)  --organisation ID  --json  --data DIR',
  ].join('\n'),
  async run([action, ...args]) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        name: { type: 'string' },
        role: { type: 'string' },
        venue: { type: 'string', multiple: true },
        organisation: { type: 'string' },
        json: { type: 'boolean' },
        data: { type: 'string' },
      },
    });
    const act = actions[action ?? ''];
    if (act === undefined) throw new UsageError(`user ${action ?? ''}: expected ${Object.keys(actions).join(', ')}`);
    const { result, words } = await act(values);
    console.log(values.json ? JSON.stringify(result) : words);
    return 0;
  },
};

type Values = {
  readonly name?: string | undefined;
  readonly role?: string | undefined;
  readonly venue?: readonly string[] | undefined;
  readonly organisation?: string | undefined;
  readonly data?: string | undefined;
};
type Outcome = { readonly result: unknown; readonly words: string };

const actions: Readonly<Record<string, (values: Values) => Promise<Outcome>>> = {
  create: async ({ name, role, venue, organisation, data }) => {
    if (name === undefined || role === undefined) throw new UsageError('--name and --role are needed');
    const password = await readPassword(name);
    const parameters = {
      username: name,
      password,
      role,
      ...(venue !== undefined && { venueIds: venue }),
      ...(organisation !== undefined && { organisationId: organisation }),
    };
    const account = await administer(data, 'createUser', parameters);
    return { result: account, words: `account ${wordsOf(account)}` };
  },
  list: async ({ data }) => {
    const accounts = await administer(data, 'listUsers', {});
    return { result: accounts, words: accounts.map(wordsOf).join('\n') };
  },
  disable: (values) => setDisabled(values, true),
  enable: (values) => setDisabled(values, false),
  password: async (values) => {
    const result = await administer(values.data, 'giveUserPassword', { username: nameOf(values) });
    return { result, words: result.password };
  },
  unlock: async (values) => {
    await administer(values.data, 'unlockUser', { username: nameOf(values) });
    return { result: null, words: `account ${nameOf(values)} may try again` };
  },
  'drop-factor': async (values) => {
    await administer(values.data, 'removeSecondFactor', { username: nameOf(values) });
    return { result: null, words: `account ${nameOf(values)} has no second factor` };
  },
};

async function setDisabled(values: Values, disabled: boolean): Promise<Outcome> {
  const account = await administer(values.data, 'disableUser', { username: nameOf(values), disabled });
  return { result: account, words: `account ${wordsOf(account)}` };
}

function nameOf({ name }: Values): string {
  if (name === undefined) throw new UsageError('--name is needed');
  return name;
}

const wordsOf = ({ username, role, venueIds, organisationId, disabled, hasSecondFactor }: Account): string =>
  [
    `${username} (${role})`,
    ...(organisationId === undefined ? [] : [`organisation ${organisationId}`]),
    ...(venueIds ? [`venues ${venueIds.join(' ')}`] : []),
    ...(disabled ? ['disabled'] : []),
    ...(hasSecondFactor ? ['second factor'] : []),
  ].join('  ');

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
