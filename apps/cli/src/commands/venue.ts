import { parseArgs } from 'node:util';
import { venueClasses } from '@fengsui/protocol';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';

export const venueCommand: Command = {
  usage: [
    'fengsui venue create --id V1 --name "鼓楼商场" --class keyUnit',
    '',
    `Classes: ${venueClasses.join(' ')}`,
    'Options: --id ID  --name TEXT  --class CLASS  --json  --data DIR',
  ].join('\n'),
  async run([action, ...args]) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        id: { type: 'string' },
        name: { type: 'string' },
        class: { type: 'string' },
        json: { type: 'boolean' },
        data: { type: 'string' },
      },
    });
    if (action !== 'create') throw new UsageError(`venue ${action ?? ''}: expected create`);
    if (values.id === undefined) throw new UsageError('--id is needed');
    const venueClass = venueClasses.find((candidate) => candidate === (values.class ?? 'office'));
    if (venueClass === undefined)
      throw new UsageError(`--class ${values.class}: expected one of ${venueClasses.join(', ')}`);
    const venue = await administer(values.data, 'createVenue', {
      id: values.id,
      name: values.name ?? values.id,
      class: venueClass,
    });
    console.log(values.json ? JSON.stringify(venue) : `venue ${venue.id}`);
    return 0;
  },
};
