import type { Migration } from '../migrate.ts';

/** Who an account is at an OpenID Connect provider. */
export const linkedIdentity: Migration = {
  version: 29,
  name: 'linked identity',
  steps: [
    {
      kind: 'sql',
      sql: `create table linked_identity (
        username text primary key references account (username), issuer text not null, subject text not null,
        linked_at int8 not null, unique (issuer, subject))`,
    },
  ],
};
