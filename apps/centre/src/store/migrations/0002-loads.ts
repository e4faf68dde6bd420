import type { Migration } from '../migrate.ts';

/** Loads that terminals recognise: their events by capture and by kind, and what people say of them. */
const statements = [
  `create table load_judgement (
       id text primary key, number int8 generated always as identity, partition int2 not null, venue_id text not null, origin text not null, at int8 not null,
       username text not null, device_id text not null, load_event_id text not null, doc jsonb not null)`,
  `create index load_judgement_device on load_judgement (device_id, number)`,
  `create index event_capture on event (device_id, capture_id) where capture_id is not null`,
  `create index event_load on event (device_id, at) where kind in ('loadOn', 'loadOff')`,
];

export const loads: Migration = {
  version: 2,
  name: 'loads',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};
