import type { Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import { storableJson } from '../storable-json.ts';
import { column, placeColumns, placesOf, upsert } from './upsert.ts';

export function incidentSteps(effects: Effects): Step[] {
  const { incidents, incidentSteps: lines } = effects;
  const rows = [...incidents.values()];
  const steps = upsert(
    'incident',
    ['id'],
    [
      ['id', 'text', column(rows, ({ id }) => id)],
      ...placesOf(rows, ({ place }) => place),
      ['number', 'int4', column(rows, ({ number }) => number)],
      ['state', 'text', column(rows, ({ state }) => state)],
      ['closed', 'bool', column(rows, ({ state }) => String(state === 'closed'))],
      ['opened_at', 'int8', column(rows, ({ openedAt }) => openedAt)],
      ['doc', 'jsonb', column(rows, (incident) => storableJson(incident))],
    ],
    ['state', 'closed', 'doc'],
  );
  steps.push(...messageSteps(effects), ...fileSteps(effects));
  if (lines.length === 0) return steps;
  const columns = [
    ['incident_id', 'text'],
    ['number', 'int4'],
    ...placeColumns,
    ['at', 'int8'],
    ['doc', 'jsonb'],
  ] as const;
  const values = lines.map(({ incidentId, number, place, step }) => [
    ...[incidentId, number, place.partition, place.venueId, place.origin, step.at],
    storableJson(step),
  ]);
  return [...steps, { kind: 'copy', table: 'incident_step', columns, rows: values }];
}

/** A message is made once and never changes: an entry that is applied again says the same. */
function messageSteps({ fireMessages }: Effects): Step[] {
  const rows = [...fireMessages.values()];
  return upsert(
    'fire_message',
    ['id'],
    [
      ['id', 'text', column(rows, ({ messageId }) => messageId)],
      ['incident_id', 'text', column(rows, ({ incidentId }) => incidentId)],
      ...placesOf(rows, ({ place }) => place),
      ['made_at', 'int8', column(rows, ({ madeAt }) => madeAt)],
      ['doc', 'jsonb', column(rows, ({ text }) => storableJson(text))],
    ],
    ['doc'],
  );
}

function fileSteps({ incidentFiles }: Effects): Step[] {
  return incidentFiles.map(({ incidentId, place, file, body }) => ({
    kind: 'sql',
    sql:
      'insert into incident_file (id, incident_id, partition, venue_id, origin, at, doc, body) ' +
      'values ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8) on conflict (id) do nothing',
    params: [
      ...[file.id, incidentId, place.partition, place.venueId, place.origin, file.at],
      ...[storableJson(file), body],
    ],
  }));
}
