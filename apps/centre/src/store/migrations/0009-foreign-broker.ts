import type { Migration } from '../migrate.ts';

/** Foreign topics: where a waiting message came on, what it has in common with others, and how each source stands. */
const statements = [
  `alter table foreign_inbox add column topic text`,
  `alter table foreign_inbox add column topics text`,
  `alter table foreign_inbox add column shape text`,
  `create index foreign_inbox_shape on foreign_inbox (source_id, shape, received_at)`,
  `create table foreign_state (source_id text primary key, doc jsonb not null)`,
];

export const foreignBroker: Migration = {
  version: 9,
  name: 'foreign-broker',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};
