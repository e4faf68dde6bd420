import * as protocol from '@fengsui/protocol';
import type { TSchema } from 'typebox';
import { Problem } from './problem.ts';

/** Every schema of the protocol that has a name (`$id`): these are the components of the OpenAPI document. */
export const namedSchemas: readonly TSchema[] = [Problem, ...Object.values(protocol).filter(isNamed)];

function isNamed(exported: unknown): exported is TSchema {
  return typeof exported === 'object' && exported !== null && '$id' in exported;
}
