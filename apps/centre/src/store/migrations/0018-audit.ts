import type { Migration } from '../migrate.ts';

/** SQLSTATE of a class that PostgreSQL does not use: the audit only grows. */
export const AUDIT_ONLY_GROWS = 'FS004';

/** Texts, not jsonb: the chain covers every byte as it is stored. */
const statements = [
  `create table audit_row (
     sequence int8 primary key, at int8 not null, zone_offset text not null, by_name text not null, role text,
     via text not null, from_address text, act text not null, target text, venue_id text, what text, result text not null,
     status int4, code text, request_id text, left_out int8, hash text not null)`,
  `create index audit_row_at on audit_row (at)`,
  // What is younger than 180 days goes in no way at all; what is older only with a row that says so.
  `create function fengsui_audit_only_grows() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' and coalesce(current_setting('fengsui.audit_retention', true), '') = 'on'
        and old.at < (extract(epoch from now()) * 1000)::int8 - 180 * 86400000::int8 then
       return old;
     end if;
     raise exception 'the audit only grows: % is refused', tg_op using errcode = '${AUDIT_ONLY_GROWS}';
   end $$`,
  `create trigger audit_row_only_grows before update or delete on audit_row
     for each row execute function fengsui_audit_only_grows()`,
  `create trigger audit_row_not_emptied before truncate on audit_row
     for each statement execute function fengsui_audit_only_grows()`,
  `create function fengsui_audit_retain(through int8) returns void language plpgsql as $$
   begin
     perform set_config('fengsui.audit_retention', 'on', true);
     delete from audit_row where sequence <= through;
     perform set_config('fengsui.audit_retention', 'off', true);
   end $$`,
];

export const audit: Migration = {
  version: 18,
  name: 'audit',
  steps: statements.map((sql) => ({ kind: 'sql', sql })),
};
