import { Type } from 'typebox';
import { ForeignIntake, PushRefusal } from '../../intake/foreign/foreign-intake.ts';
import type { ForeignReception } from '../../intake/foreign/foreign-reception.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Api } from '../api-instance.ts';
import { ApiError, Problem } from '../problem.ts';

const PushAnswer = Type.Object({
  mapped: Type.Integer({ description: 'statements that became reports' }),
  waiting: Type.Integer({ description: 'parts that could not be read: the message waits in the inbox' }),
  inboxId: Type.Optional(Type.String()),
});

export type IngestParts = {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly reception: ForeignReception;
};

/** The door of platforms that push their devices' messages. Signed, not logged in: `anyone` may knock. */
export function ingestRoutes(api: Api, { registry, clock, reception }: IngestParts): void {
  const intake = new ForeignIntake({ reception, registry, clock });
  // A room of its own: the signature covers the bytes, so nothing may parse them before.
  void api.register(async (instance) => {
    const room = instance as Api;
    room.removeAllContentTypeParsers();
    room.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    room.post(
      '/api/v1/ingest/:source',
      {
        config: { access: 'anyone', audit: 'none' },
        schema: {
          summary: 'Take a signed message of a foreign platform',
          description:
            'X-Fengsui-Timestamp: seconds since 1970, within 5 min of our clock. X-Fengsui-Signature: ' +
            'sha256=hex(HMAC-SHA256(secret, timestamp + "." + body)). Answered once the message is durable; the same ' +
            'push again gets the same answer and has no effect. A source of scheme oneNet signs in the body, one of ' +
            'urlToken by ?token; both are answered with 200. docs/reference/mapping.md',
          tags: ['foreign'],
          security: [{ signature: [] }],
          params: Type.Object({ source: Type.String({ maxLength: 128 }) }),
          headers: Type.Object({
            'x-fengsui-timestamp': Type.Optional(Type.String({ maxLength: 64 })),
            'x-fengsui-signature': Type.Optional(Type.String({ maxLength: 256 })),
          }),
          querystring: Type.Object({ token: Type.Optional(Type.String({ maxLength: 128 })) }),
          response: { 200: PushAnswer, 202: PushAnswer, default: Problem },
        },
      },
      async (request, reply) => {
        try {
          const answer = await intake.push({
            sourceId: request.params.source,
            timestamp: request.headers['x-fengsui-timestamp'],
            signature: request.headers['x-fengsui-signature'],
            token: request.query.token,
            body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
          });
          // Platforms with a protocol of their own know 200 only.
          const isOwn = (registry.foreign.source(request.params.source)?.scheme ?? 'fengsui') === 'fengsui';
          return await reply.code(isOwn ? 202 : 200).send(answer);
        } catch (error) {
          throw asApiError(error);
        }
      },
    );
    room.get(
      '/api/v1/ingest/:source',
      {
        config: { access: 'anyone', audit: 'none' },
        schema: {
          summary: 'The check of an address by OneNET: answers with msg when it is signed with the token',
          tags: ['foreign'],
          security: [{ signature: [] }],
          params: Type.Object({ source: Type.String({ maxLength: 128 }) }),
          querystring: Type.Object({
            msg: Type.Optional(Type.String({ maxLength: 256 })),
            nonce: Type.Optional(Type.String({ maxLength: 256 })),
            signature: Type.Optional(Type.String({ maxLength: 256 })),
          }),
          response: { 200: Type.String(), default: Problem },
        },
      },
      async (request, reply) => {
        // What is left out is not signed: refused like a wrong signature.
        const { msg = '', nonce = '', signature = '' } = request.query;
        try {
          const message = intake.verifyAddress(request.params.source, { msg, nonce, signature });
          return await reply.type('text/plain; charset=utf-8').send(message);
        } catch (error) {
          throw asApiError(error);
        }
      },
    );
  });
}

function asApiError(error: unknown): unknown {
  if (!(error instanceof PushRefusal)) return error;
  const { status, code, message, retryAfterS } = error;
  const headers = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
  return new ApiError(status, code, message, headers);
}
