import { parseArgs } from 'node:util';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';

export const tokenCommand: Command = {
  usage: [
    'fengsui token create --role integrator',
    'fengsui token create --role display --venue V1 --days 365',
    '',
    'Prints the token, this once. Without --days it does not expire.',
    'Options: --role ROLE  --venue ID (repeatable)  --name TEXT  --days N  --json  --data DIR',
  ].join('\n'),
  async run([action, ...args]) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        role: { type: 'string' },
        venue: { type: 'string', multiple: true },
        name: { type: 'string' },
        days: { type: 'string' },
        json: { type: 'boolean' },
        data: { type: 'string' },
      },
    });
    if (action !== 'create') throw new UsageError(`token ${action ?? ''}: expected create`);
    const { role, venue, name, data } = values;
    if (role === undefined) throw new UsageError('--role is needed');
    const days = values.days === undefined ? undefined : Number(values.days);
    if (days !== undefined && !(days > 0)) throw new UsageError(`--days ${values.days}: expected a number above 0`);
    const created = await administer(data, 'createToken', {
      role,
      ...(venue !== undefined && { venueIds: venue }),
      ...(name !== undefined && { name }),
      ...(days !== undefined && { days }),
    });
    console.log(values.json ? JSON.stringify(created) : created.token);
    return 0;
  },
};
