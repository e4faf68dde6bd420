import { fromHex } from '../hex.ts';
import { readIso } from '../time-label.ts';
import type { ProblemList } from './json-problems.ts';

export function readInteger(
  value: unknown,
  [least, most]: readonly [number, number],
  field: string,
  problems: ProblemList,
): number | undefined {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  return problems.refuse(field, value, `an integer ${least}…${most}`);
}

/** @returns lower-case hex digits. */
export function readHex(
  value: unknown,
  length: number | undefined,
  field: string,
  problems: ProblemList,
): string | undefined {
  if (typeof value === 'string' && fromHex(value, length) !== undefined) return value.toLowerCase();
  return problems.refuse(field, value, length === undefined ? 'hex digits in pairs' : `${2 * length} hex digits`);
}

/** @returns epoch ms. */
export function readInstantText(value: unknown, field: string, problems: ProblemList): number | undefined {
  const at = typeof value === 'string' ? readIso(value) : undefined;
  return at ?? problems.refuse(field, value, 'an ISO 8601 instant with offset in 2000…2099 (UTC+8)');
}
