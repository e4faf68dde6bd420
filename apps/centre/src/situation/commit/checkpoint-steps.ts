import type { Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import { column } from './upsert.ts';

/** `isFed`: the feed's position counts the commits of the process that leads. */
export function checkpointSteps({ checkpoints }: Effects, isFed = true): Step[] {
  const rows = [...checkpoints.values()];
  if (rows.length === 0) return [];
  return [
    {
      kind: 'sql',
      sql:
        `insert into checkpoint (lane, partition, sequence) select * from unnest($1::text[], $2::int2[], $3::int8[]) ` +
        `on conflict (lane, partition) do update set sequence = greatest(checkpoint.sequence, excluded.sequence)`,
      params: [
        column(rows, ({ lane }) => lane),
        column(rows, ({ partition }) => partition),
        column(rows, ({ sequence }) => sequence),
      ],
    },
    ...(isFed ? [{ kind: 'sql', sql: 'update feed_position set position = position + 1' } as const] : []),
  ];
}
