import { gunzipSync, gzipSync } from 'node:zlib';
import type { Entry, NewEntry } from '../journal/entry.ts';
import type { RegistryChange } from './registry-change.ts';

/** Above it the changes go as a compressed payload: one import is one entry, and an entry has a largest size. */
const PLAIN_BYTES = 64 * 1024;
const LONGEST_TEXT_BYTES = 256 * 1024 * 1024;

/** One entry, however many changes: applied whole or not at all. */
export function registryEntry(changes: readonly RegistryChange[], appendedAt: number): NewEntry {
  const entry = { kind: 'registryChange', partition: 0, appendedAt } as const;
  const text = JSON.stringify(changes);
  if (text.length <= PLAIN_BYTES) return { ...entry, meta: { changes } };
  return { ...entry, meta: { packed: 'gzip' }, payload: gzipSync(text) };
}

export function changesOf({ meta, payload }: Entry): readonly RegistryChange[] {
  if (!('packed' in meta) || payload === undefined) return (meta as { changes: readonly RegistryChange[] }).changes;
  const text = gunzipSync(payload, { maxOutputLength: LONGEST_TEXT_BYTES }).toString('utf8');
  return JSON.parse(text) as readonly RegistryChange[];
}
