import type { Migration } from '../migrate.ts';

const statements = [
  // How far the rows have come at a collector: who leads next goes on from there.
  'create table audit_export (name text primary key, sequence int8 not null)',
  // Few rows are of the audit itself (stamps, retention, verifications), and they are looked for by their act.
  `create index audit_row_of_centre on audit_row (act, sequence) where via = 'centre'`,
];

export const auditExport: Migration = {
  version: 25,
  name: 'audit export',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};
