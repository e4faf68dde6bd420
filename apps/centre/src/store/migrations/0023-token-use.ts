import type { Migration } from '../migrate.ts';

/** What a token is for less than its role, and when it was used; links that light a wall screen once. */
export const tokenUse: Migration = {
  version: 23,
  name: 'token-use',
  steps: [
    { kind: 'sql', sql: 'alter table api_token add column permissions text[], add column used_at int8' },
    {
      kind: 'sql',
      sql: `create table display_link (
        token_sha256 text primary key, name text not null, venue_ids text[], created_at int8 not null, used_at int8)`,
    },
  ],
};
