import { parseArgs } from 'node:util';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';

export const deviceCommand: Command = {
  usage: [
    'fengsui device create --id D1 --model generic-terminal --venue V1 --json',
    'fengsui device create --id S1 --model generic-smoke --venue V1 --parent GW1',
    'fengsui device revoke --id D1',
    '',
    'create prints {deviceId,secret}; the secret is shown this once. A venue that does not exist is made with it.',
    'Options: --id ID  --model MODEL  --venue ID  --parent ID  --name TEXT  --area TEXT  --json  --data DIR',
    'Models: generic-terminal generic-smoke generic-heat generic-gas generic-gateway',
  ].join('\n'),
  async run([action, ...args]) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        id: { type: 'string' },
        model: { type: 'string' },
        venue: { type: 'string' },
        parent: { type: 'string' },
        name: { type: 'string' },
        area: { type: 'string' },
        json: { type: 'boolean' },
        data: { type: 'string' },
      },
    });
    const { id, model, venue, parent, name, area, data } = values;
    if (action === 'create') {
      if (id === undefined || model === undefined || venue === undefined)
        throw new UsageError('--id, --model and --venue are needed');
      const created = await administer(data, 'createDevice', {
        id,
        model,
        venueId: venue,
        ...(parent !== undefined && { parentId: parent }),
        ...(name !== undefined && { name }),
        ...(area !== undefined && { area }),
      });
      if (created.venueCreated) console.error(`venue ${venue} did not exist and was made (class office)`);
      const { deviceId, secret } = created;
      console.log(values.json ? JSON.stringify({ deviceId, secret }) : `device ${deviceId}\nsecret ${secret}`);
      return 0;
    }
    if (action === 'revoke') {
      if (id === undefined) throw new UsageError('--id is needed');
      await administer(data, 'revokeDevice', { id });
      console.error(`the credential of ${id} is revoked`);
      return 0;
    }
    throw new UsageError(`device ${action ?? ''}: expected create or revoke`);
  },
};
