import type { Migration } from '../migrate.ts';

const tables = ['account', 'login', 'api_token'];

/** Rights along the organisation tree: whose venues, now and later, an account or a token sees. */
export const organisationRights: Migration = {
  version: 28,
  name: 'organisation rights',
  steps: tables.map((table) => ({
    kind: 'sql',
    sql: `alter table ${table} add column organisation_id text references organisation (id)`,
  })),
};
