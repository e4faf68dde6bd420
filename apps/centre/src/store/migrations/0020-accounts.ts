import type { Migration } from '../migrate.ts';

const statements = [
  // Hashes of passwords that are not taken again, the newest last; the present one is not among them.
  `alter table account
     add column password_changed_at int8, add column must_change boolean not null default false,
     add column former_hashes text[] not null default '{}'`,
  // What a log-in has to do before anything else, where it came from and with what.
  `alter table login add column owes text, add column address text, add column agent text`,
];

export const accounts: Migration = {
  version: 20,
  name: 'accounts',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};
