import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';

export const auditResults = ['asked', 'done', 'refused', 'failed'] as const;
export type AuditResult = (typeof auditResults)[number];

/** A row of the audit as it is written; `at` with the offset of the site, so that it is read as it was lived. */
export const AuditRecord = Type.Object(
  {
    sequence: Type.Integer({ minimum: 1, description: 'without a gap' }),
    at: Instant,
    by: Type.String({ description: 'account, token, `command line`, or who a stranger said he was' }),
    role: Type.Optional(Type.String()),
    via: Type.String({ description: 'session, token, commandLine, centre, stranger' }),
    from: Type.Optional(Type.String({ description: 'address' })),
    act: Type.String({ description: 'the operation, or the command' }),
    target: Type.Optional(Type.String({ description: 'JSON' })),
    venueId: Type.Optional(Type.String()),
    what: Type.Optional(Type.String({ description: 'JSON of the request, secrets left out' })),
    result: oneOf(auditResults),
    status: Type.Optional(Type.Integer()),
    code: Type.Optional(Type.String()),
    requestId: Type.Optional(Type.String()),
    leftOut: Type.Optional(Type.Integer({ description: 'refusals that were not written since the row before' })),
    hash: Type.String({ description: 'SHA-256 over the row and the hash before it: docs/reference/audit.md' }),
  },
  { $id: 'AuditRecord' },
);
export type AuditRecord = Static<typeof AuditRecord>;

/** Where the chain stands. To be kept elsewhere: with it a cut tail is found. */
export const AuditHead = Type.Object(
  {
    sequence: Type.Integer({ minimum: 0, description: '0 before the first row' }),
    hash: Type.String(),
    attested: oneOf(['self', 'stamped']),
    stamp: Type.Optional(
      Type.Object(
        { sequence: Type.Integer(), at: Instant },
        { description: 'newest stamp of an authority (RFC 3161): the row it stamps, and when it was got' },
      ),
    ),
    verified: Type.Optional(
      Type.Object(
        {
          at: Instant,
          isWhole: Type.Boolean(),
          count: Type.Integer(),
          sequence: Type.Integer({ description: 'of the last row it has seen' }),
          brokenAt: Type.Optional(Type.Integer({ description: 'first row that is not what it was, or that is gone' })),
        },
        { description: 'newest verification of the whole chain' },
      ),
    ),
    verifying: Type.Optional(Type.Integer({ description: 'a verification is under way and has read so many rows' })),
  },
  { $id: 'AuditHead' },
);
export type AuditHead = Static<typeof AuditHead>;
