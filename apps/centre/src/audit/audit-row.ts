import { hash } from 'node:crypto';
import { canonicalJson } from '@fengsui/protocol';
import type { Row, SqlValue } from '../store/store.ts';

export type AuditResult = 'asked' | 'done' | 'refused' | 'failed';
export type AuditVia = 'session' | 'token' | 'commandLine' | 'centre' | 'stranger';

/** What somebody did, before it has its place in the chain. Texts hold no control characters (`plainText`). */
export type AuditDraft = {
  /** User, token, or `command line`. */
  readonly by: string;
  readonly role?: string;
  readonly via: AuditVia;
  readonly from?: string;
  /** The route, or the command of the command line. */
  readonly act: string;
  /** JSON of what it was done to. */
  readonly target?: string;
  readonly venueId?: string;
  /** JSON of what was asked, without secrets. */
  readonly what?: string;
  readonly result: AuditResult;
  readonly status?: number;
  readonly code?: string;
  readonly requestId?: string;
  /** So many refusals were not written since the row before, because too many came. */
  readonly leftOut?: number;
};

export type AuditRow = AuditDraft & {
  /** From 1, without a gap. */
  readonly sequence: number;
  /** Epoch ms. */
  readonly at: number;
  /** Of the centre's time zone at that instant: `+08:00`. */
  readonly zoneOffset: string;
  readonly hash: string;
};

/** Where a chain stands: its last row, sequence 0 before the first. */
export type ChainHead = { readonly sequence: number; readonly hash: string };

/** Before the first row. */
export const CHAIN_BEGINNING: ChainHead = { sequence: 0, hash: '0'.repeat(64) };

/** SHA-256 over the RFC 8785 form of the row with the hash of the row before it. */
export function hashOfRow({ hash: _own, ...row }: AuditRow, previousHash: string): string {
  return hash('sha256', canonicalJson({ ...row, previousHash }), 'hex');
}

export function chained(draft: AuditDraft, at: number, zoneOffset: string, head: ChainHead): AuditRow {
  const row = { ...draft, sequence: head.sequence + 1, at, zoneOffset, hash: '' };
  return { ...row, hash: hashOfRow(row, head.hash) };
}

/** Column, member, cast; the order of `valuesOf`. */
const columns = [
  ['sequence', 'sequence', 'int8'],
  ['at', 'at', 'int8'],
  ['zone_offset', 'zoneOffset', 'text'],
  ['by_name', 'by', 'text'],
  ['role', 'role', 'text'],
  ['via', 'via', 'text'],
  ['from_address', 'from', 'text'],
  ['act', 'act', 'text'],
  ['target', 'target', 'text'],
  ['venue_id', 'venueId', 'text'],
  ['what', 'what', 'text'],
  ['result', 'result', 'text'],
  ['status', 'status', 'int4'],
  ['code', 'code', 'text'],
  ['request_id', 'requestId', 'text'],
  ['left_out', 'leftOut', 'int8'],
  ['hash', 'hash', 'text'],
] as const satisfies readonly (readonly [string, keyof AuditRow, string])[];

export const auditColumns: readonly string[] = columns.map(([column]) => column);

export const INSERT_ROW =
  `insert into audit_row (${auditColumns.join(', ')}) ` +
  `values (${columns.map(([, , cast], index) => `$${index + 1}::${cast}`).join(', ')})`;

export const valuesOf = (row: AuditRow): readonly SqlValue[] => columns.map(([, member]) => row[member] ?? null);

/** As it is stored, whatever is stored: a row that somebody changed is for `verifyChain` to find. */
export function rowOf(stored: Row): AuditRow {
  const members = columns.map(([column, member]) => [member, stored[column] ?? undefined] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined)) as unknown as AuditRow;
}
