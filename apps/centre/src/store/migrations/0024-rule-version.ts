import type { Migration } from '../migrate.ts';

/** Versions of rules. What has not been tried, and reviewed by another than its author, cannot be on: here too. */
export const ruleVersion: Migration = {
  version: 24,
  name: 'rule-version',
  steps: [
    {
      kind: 'sql',
      sql: `create table rule_version (
        id text not null, version int4 not null, state text not null, author text not null, tried_at int8, reviewer text,
        doc jsonb not null, primary key (id, version),
        constraint rule_version_state check (state in ('draft', 'tried', 'reviewed', 'on', 'retired')),
        constraint rule_version_tried check (state not in ('tried', 'reviewed', 'on') or tried_at is not null),
        constraint rule_version_reviewed
          check (state not in ('reviewed', 'on') or (reviewer is not null and reviewer <> author)))`,
    },
  ],
};
