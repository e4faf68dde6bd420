import type { Migration } from '../migrate.ts';

/** Why somebody looked at what was switched on in a venue: kept for its owner. */
const statements = [
  `create table load_history_reason (
     id text primary key, venue_id text not null, username text not null, role text not null, reason text not null,
     at int8 not null, until_at int8 not null)`,
  `create index load_history_reason_venue on load_history_reason (venue_id, at, id)`,
  `create index load_history_reason_held on load_history_reason (venue_id, username, until_at)`,
];

export const loadHistory: Migration = {
  version: 22,
  name: 'load-history',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};
