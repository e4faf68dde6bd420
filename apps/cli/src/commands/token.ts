import { parseArgs } from 'node:util';
import type { ApiToken } from '@fengsui/protocol';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';

export const tokenCommand: Command = {
  usage: [
    'fengsui token create --role integrator',
    'fengsui token create --role display --venue V1 --days 365',
    'fengsui token list',
    'fengsui token revoke --id ID',
    '',
    'create prints the token, this once. Without --days it does not expire.',
    'Options: --id ID  --role ROLE  --venue ID (repeatable)  --organisation ID  --name TEXT  --days N  --json  --data DIR',
  ].join('\n'),
  async run([action, ...args]) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        id: { type: 'string' },
        role: { type: 'string' },
        venue: { type: 'string', multiple: true },
        organisation: { type: 'string' },
        name: { type: 'string' },
        days: { type: 'string' },
        json: { type: 'boolean' },
        data: { type: 'string' },
      },
    });
    const { id, role, venue, organisation, name, data } = values;
    if (action === 'list') {
      const tokens = await administer(data, 'listTokens', {});
      console.log(values.json ? JSON.stringify(tokens) : tokens.map(wordsOf).join('\n'));
      return 0;
    }
    if (action === 'revoke') {
      if (id === undefined) throw new UsageError('--id is needed; token list has them');
      const revoked = await administer(data, 'revokeToken', { id });
      console.log(values.json ? JSON.stringify(revoked) : `revoked: ${revoked.name}`);
      return 0;
    }
    if (action !== 'create') throw new UsageError(`token ${action ?? ''}: expected create, list or revoke`);
    if (role === undefined) throw new UsageError('--role is needed');
    const days = values.days === undefined ? undefined : Number(values.days);
    if (days !== undefined && !(days > 0)) throw new UsageError(`--days ${values.days}: expected a number above 0`);
    const created = await administer(data, 'createToken', {
      role,
      ...(venue !== undefined && { venueIds: venue }),
      ...(organisation !== undefined && { organisationId: organisation }),
      ...(name !== undefined && { name }),
      ...(days !== undefined && { days }),
    });
    console.log(values.json ? JSON.stringify(created) : created.token);
    return 0;
  },
};

const wordsOf = ({ id, name, role, venueIds, organisationId, expiresAt, usedAt }: ApiToken): string =>
  [
    id,
    role,
    name,
    ...(organisationId === undefined ? [] : [`organisation ${organisationId}`]),
    venueIds ? `venues ${venueIds.join(' ')}` : organisationId === undefined ? 'all venues' : 'all of its venues',
    expiresAt ? `until ${expiresAt}` : 'does not expire',
    usedAt ? `used ${usedAt}` : 'never used',
  ].join('  ');
