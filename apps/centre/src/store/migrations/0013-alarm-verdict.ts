import type { Migration } from '../migrate.ts';

/** What people found alarms to be: real, or false and why. */
const statements = [
  `create table alarm_verdict (
       id text primary key, number int8 generated always as identity, partition int2 not null, venue_id text not null, origin text not null, at int8 not null,
       username text not null, alarm_id text not null, verdict text not null, cause text, doc jsonb not null)`,
  `create index alarm_verdict_alarm on alarm_verdict (alarm_id, number)`,
];

export const alarmVerdict: Migration = {
  version: 13,
  name: 'alarm-verdict',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};
