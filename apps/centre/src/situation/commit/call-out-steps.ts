import type { Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import { storableJson } from '../storable-json.ts';
import { column, placesOf, upsert } from './upsert.ts';

/** `incident_id` is empty for a test of the way: SQL unnests no null of ours. */
export function callOutSteps({ callOuts }: Effects): Step[] {
  const rows = [...callOuts.values()];
  return upsert(
    'call_out',
    ['id'],
    [
      ['id', 'text', column(rows, ({ id }) => id)],
      ['incident_id', 'text', column(rows, ({ cause }) => (cause.kind === 'incident' ? cause.incidentId : ''))],
      ...placesOf(rows, ({ place }) => place),
      ['closed', 'bool', column(rows, ({ isClosed = false }) => String(isClosed))],
      ['opened_at', 'int8', column(rows, ({ openedAt }) => openedAt)],
      ['doc', 'jsonb', column(rows, (callOut) => storableJson(callOut))],
    ],
    ['closed', 'doc'],
  );
}
