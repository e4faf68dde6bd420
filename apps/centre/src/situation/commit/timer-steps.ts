import { partitionOf } from '../../journal/partition.ts';
import type { Step } from '../../store/store.ts';
import { homePurposes } from '../duty.ts';
import type { Effects } from '../effects.ts';
import { partitionsOf } from '../share.ts';
import { storableJson } from '../storable-json.ts';
import { durations } from '../timer.ts';
import { column, placesOf, upsert } from './upsert.ts';

export function timerSteps({ timersSet, timersEnded, clockShiftMs, clockShiftShare }: Effects): Step[] {
  const rows = [...timersSet.values()];
  const steps: Step[] = [];
  if (clockShiftMs !== 0) {
    // Before those that are set: they know.
    const sql = "update timer set due_at = due_at + $1 where doc->>'kind' = any($2::text[])";
    const params = [clockShiftMs, [...durations]];
    if (clockShiftShare === undefined) steps.push({ kind: 'sql', sql, params });
    else {
      const own = " and (partition = any($3::int2[]) or doc->>'kind' = any($4::text[]))";
      const partitions = [...partitionsOf(clockShiftShare.shards)];
      steps.push({ kind: 'sql', sql: sql + own, params: [...params, partitions, [...homePurposes]] });
    }
  }
  const set = upsert(
    'timer',
    ['id'],
    [
      ['id', 'text', column(rows, ({ id }) => id)],
      ...placesOf(rows, ({ venueId }) => ({ partition: partitionOf(venueId), venueId, origin: 'live' })),
      ['due_at', 'int8', column(rows, ({ dueAt }) => dueAt)],
      ['doc', 'jsonb', column(rows, ({ purpose }) => storableJson(purpose))],
    ],
    ['due_at', 'doc'],
  );
  steps.push(...set);
  const ended = [...timersEnded];
  if (ended.length > 0)
    steps.push({ kind: 'sql', sql: 'delete from timer where id = any($1::text[])', params: [ended] });
  return steps;
}
