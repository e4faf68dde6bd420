import { parseArgs } from 'node:util';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';

export const sourceCommand: Command = {
  usage: [
    'fengsui source create --id cloud-a --venue V1 --venue V2 --json',
    'fengsui source revoke --id cloud-a',
    '',
    'create prints {sourceId,secret}; the secret signs POST /api/v1/ingest/cloud-a and is shown this once.',
    '--venue bounds the source to the devices of these venues; without it it may speak for every device.',
    'Options: --id ID  --venue ID  --json  --data DIR',
  ].join('\n'),
  async run([action, ...args]) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        id: { type: 'string' },
        venue: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        data: { type: 'string' },
      },
    });
    if (action !== 'create' && action !== 'revoke')
      throw new UsageError(`source ${action ?? ''}: expected create or revoke`);
    if (values.id === undefined) throw new UsageError('--id is needed');
    if (action === 'revoke') {
      await administer(values.data, 'revokeSource', { id: values.id });
      console.error(`source ${values.id} is revoked`);
      return 0;
    }
    const created = await administer(values.data, 'createSource', {
      id: values.id,
      ...(values.venue !== undefined && { venueIds: values.venue }),
    });
    console.log(values.json ? JSON.stringify(created) : `source ${created.sourceId}\nsecret ${created.secret}`);
    return 0;
  },
};
