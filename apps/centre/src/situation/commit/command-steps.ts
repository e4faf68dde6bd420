import type { Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import { storableJson } from '../storable-json.ts';
import { column, placesOf, upsert } from './upsert.ts';

export function commandSteps({ commands }: Effects): Step[] {
  const rows = [...commands.values()];
  return upsert(
    'command',
    ['id'],
    [
      ['id', 'text', column(rows, ({ id }) => id)],
      ...placesOf(rows, ({ place }) => place),
      ['device_id', 'text', column(rows, ({ deviceId }) => deviceId)],
      ['requested_at', 'int8', column(rows, ({ requestedAt }) => requestedAt)],
      ['state', 'text', column(rows, ({ state }) => state)],
      ['doc', 'jsonb', column(rows, (command) => storableJson(command))],
    ],
    ['state', 'doc'],
  );
}
