import type { Migration } from '../migrate.ts';

/** Rooms of which a fire was told, with what their detectors had shown: it goes on after a restart. */
export const firePlace: Migration = {
  version: 19,
  name: 'fire-place',
  steps: [
    {
      kind: 'sql',
      sql: `create table fire_place (
        id text primary key, partition int2 not null, venue_id text not null, origin text not null, doc jsonb not null)`,
    },
  ],
};
