import type { Migration } from '../migrate.ts';
import { first } from './0001-first.ts';

/** Every version of the schema, oldest first. */
export const migrations: readonly Migration[] = [first];
