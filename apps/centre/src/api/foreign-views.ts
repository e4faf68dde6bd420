import { readMapping, unmappedReasons, type AnyMapping, type MappedStatement } from '@fengsui/protocol';
import { Type, type Static } from 'typebox';
import { ApiError } from './problem.ts';

/** A table of 20,000 devices. */
export const MAPPING_BODY_BYTES = 2 * 1024 * 1024;
export const SourceId = Type.Object({ source: Type.String({ maxLength: 128 }) });

/** A part of a foreign message that became nothing. */
export const Unread = Type.Object({
  report: Type.Optional(Type.Integer({ description: 'number of the report in the message, from 0' })),
  field: Type.String({ description: 'path of the mapping that met it' }),
  reason: Type.String({
    description: `noMapping, topicNotAllowed, messageTooLarge, unknownDevice, revokedDevice, retiredDevice, ${unmappedReasons.join(', ')}`,
  }),
  value: Type.String({ description: 'what was found, shortened' }),
});

/** What a mapping makes of a foreign message. */
export const Statement = Type.Object({
  kind: Type.String({ description: 'values or condition' }),
  deviceId: Type.String(),
  at: Type.Optional(Type.Integer({ description: 'epoch milliseconds' })),
  key: Type.Optional(Type.String()),
  values: Type.Optional(Type.Record(Type.String(), Type.Number())),
  eventKind: Type.Optional(Type.String()),
  point: Type.Optional(Type.String()),
  level: Type.Optional(Type.String()),
  active: Type.Optional(Type.Boolean()),
});

export const statementView = (statement: MappedStatement): Static<typeof Statement> =>
  statement.kind === 'values' ? { ...statement, values: { ...statement.values } } : statement;

/** A mapping out of a body. @throws ApiError with everything that is wrong with it */
export function mappingOf(document: unknown): AnyMapping {
  const read = readMapping(document);
  if (read.kind === 'mapping') return read.mapping;
  throw new ApiError(422, 'invalidMapping', read.problems.join('; '));
}
