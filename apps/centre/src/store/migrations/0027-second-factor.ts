import type { Migration } from '../migrate.ts';

const statements = [
  // The secret is sealed; of recovery codes there are hashes of those that are left.
  `alter table account
     add column second_secret text, add column second_step int8 not null default 0,
     add column recovery_hashes text[] not null default '{}'`,
  // When its holder last proved who he is, and whether he locked it.
  'alter table login add column confirmed_at int8, add column is_locked boolean not null default false',
];

export const secondFactor: Migration = {
  version: 27,
  name: 'second factor',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};
