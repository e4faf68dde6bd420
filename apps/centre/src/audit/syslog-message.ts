import type { AuditRow, ChainHead } from './audit-row.ts';
import { withOffset } from '../platform/zone-offset.ts';

/** Facility 13, log audit (RFC 5424, 6.2.1). */
const FACILITY = 13 * 8;
const WARNING = 4;
const INFORMATIONAL = 6;

type Said = Pick<AuditRow, 'at' | 'zoneOffset'>;

/**
 * One row as a message of RFC 5424. Its text is JSON in ASCII: no line break, no terminal escape, the same in whatever
 * encoding a collector reads.
 */
export function messageOfRow(row: AuditRow, hostname: string): string {
  const { at, zoneOffset, ...rest } = row;
  const isBad = row.result === 'refused' || row.result === 'failed';
  const said = { ...rest, at: withOffset(at, zoneOffset) };
  return message(isBad ? WARNING : INFORMATIONAL, row, hostname, 'audit', said);
}

/** Where the chain stands: who rewrites the rows at home differs from it. */
export const messageOfHead = (head: ChainHead, said: Said, hostname: string): string =>
  message(INFORMATIONAL, said, hostname, 'auditHead', head);

function message(severity: number, { at, zoneOffset }: Said, hostname: string, id: string, said: object): string {
  const host = hostname.replace(/[^\x21-\x7e]/g, '').slice(0, 255) || '-';
  return `<${FACILITY + severity}>1 ${withOffset(at, zoneOffset)} ${host} fengsui - ${id} - ${asciiJson(said)}`;
}

const asciiJson = (value: object): string =>
  JSON.stringify(value).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Octet counting (RFC 6587, 3.4.1; RFC 5425): no text ends a message early. Messages are ASCII. */
export const framed = (text: string): string => `${text.length} ${text}`;
