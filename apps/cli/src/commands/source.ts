import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { pushSchemes, sourceKinds, type NewSource } from '@fengsui/protocol';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';

const options = {
  id: { type: 'string' },
  kind: { type: 'string' },
  name: { type: 'string' },
  scheme: { type: 'string' },
  'token-file': { type: 'string' },
  topic: { type: 'string', multiple: true },
  url: { type: 'string' },
  'client-id': { type: 'string' },
  username: { type: 'string' },
  'password-file': { type: 'string' },
  'ca-file': { type: 'string' },
  'away-minutes': { type: 'string' },
  venue: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  data: { type: 'string' },
} as const;

export const sourceCommand: Command = {
  usage: [
    'fengsui source create --id cloud-a --venue V1 --venue V2 --json',
    "fengsui source create --id vendor-b --kind mqttTopic --topic 'vendor-b/#'",
    'fengsui source create --id broker-c --kind mqttBroker --url mqtts://broker.example:8883 --topic up/+/data \\',
    '  --username fengsui --password-file broker-c.secret --ca-file broker-c.crt',
    'fengsui source revoke --id cloud-a',
    '',
    'create prints {sourceId,secret}; the secret signs POST /api/v1/ingest/cloud-a or opens the MQTT door (client id and',
    'user name: the source id), and is shown this once. An outside broker has none.',
    '--venue bounds the source to the devices of these venues; without it it may speak for every device.',
    'Options: --id ID  --kind httpPush|mqttTopic|mqttBroker  --name WORDS  --scheme fengsui|oneNet|urlToken',
    '  --token-file FILE  --topic FILTER  --url URL  --client-id ID  --username NAME  --password-file FILE',
    '  --ca-file FILE  --away-minutes N  --venue ID  --json  --data DIR',
  ].join('\n'),
  async run([action, ...args]) {
    const { values } = parseArgs({ args: [...args], options });
    if (action !== 'create' && action !== 'revoke')
      throw new UsageError(`source ${action ?? ''}: expected create or revoke`);
    if (values.id === undefined) throw new UsageError('--id is needed');
    if (action === 'revoke') {
      await administer(values.data, 'revokeSource', { id: values.id });
      console.error(`source ${values.id} is revoked`);
      return 0;
    }
    const created = await administer(values.data, 'createSource', await newSource(values.id, values));
    if (values.json) console.log(JSON.stringify(created));
    else
      console.log(
        [`source ${created.sourceId}`, ...(created.secret === undefined ? [] : [`secret ${created.secret}`])].join(
          '\n',
        ),
      );
    return 0;
  },
};

type Values = { readonly [Name in keyof typeof options]?: string | boolean | string[] };

async function newSource(id: string, values: Values): Promise<NewSource> {
  const text = (name: keyof typeof options): string | undefined =>
    typeof values[name] === 'string' ? values[name] : undefined;
  const list = (name: keyof typeof options): string[] | undefined =>
    Array.isArray(values[name]) ? values[name] : undefined;
  const kind = wordOf('--kind', text('kind'), sourceKinds);
  const scheme = wordOf('--scheme', text('scheme'), pushSchemes);
  const [url, clientId, username] = [text('url'), text('client-id'), text('username')];
  const [token, password, ca] = await Promise.all([
    fileOf(text('token-file')),
    fileOf(text('password-file')),
    fileOf(text('ca-file')),
  ]);
  const [name, topics, venueIds, minutes] = [text('name'), list('topic'), list('venue'), text('away-minutes')];
  if (minutes !== undefined && !/^\d{1,4}$/.test(minutes))
    throw new UsageError(`--away-minutes ${minutes}: expected minutes`);
  return {
    id,
    ...(kind !== undefined && { kind }),
    ...(name !== undefined && { name }),
    ...(scheme !== undefined && { scheme }),
    ...(token !== undefined && { token }),
    ...(topics !== undefined && { topics }),
    ...(url !== undefined && {
      broker: {
        url,
        ...(clientId !== undefined && { clientId }),
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password }),
        ...(ca !== undefined && { ca }),
      },
    }),
    ...(minutes !== undefined && { awayFaultMinutes: Number(minutes) }),
    ...(venueIds !== undefined && { venueIds }),
  };
}

function wordOf<Word extends string>(
  option: string,
  given: string | undefined,
  words: readonly Word[],
): Word | undefined {
  const word = words.find((candidate) => candidate === given);
  if (given !== undefined && word === undefined)
    throw new UsageError(`${option} ${given}: expected ${words.join(', ')}`);
  return word;
}

/** A secret on a command line would be in the list of processes and in the history of the shell. */
const fileOf = async (file: string | undefined): Promise<string | undefined> =>
  file === undefined ? undefined : (await readFile(file, 'utf8')).trimEnd();
