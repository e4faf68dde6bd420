import type { Migration } from '../migrate.ts';
import { first } from './0001-first.ts';
import { loads } from './0002-loads.ts';

/** Every version of the schema, oldest first. */
export const migrations: readonly Migration[] = [first, loads];
