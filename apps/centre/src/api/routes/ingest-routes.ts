import { Type } from 'typebox';
import { ForeignIntake, PushRefusal } from '../../intake/foreign/foreign-intake.ts';
import type { Api } from '../api-instance.ts';
import type { ApiContext } from '../context.ts';
import { ApiError, Problem } from '../problem.ts';

const PushAnswer = Type.Object({
  mapped: Type.Integer({ description: 'statements that became reports' }),
  waiting: Type.Integer({ description: 'parts that could not be read: the message waits in the inbox' }),
  inboxId: Type.Optional(Type.String()),
});

/** The door of platforms that push their devices' messages. Signed, not logged in: `anyone` may knock. */
export function ingestRoutes(api: Api, { journal, situation, clock }: ApiContext): void {
  const intake = new ForeignIntake({ journal, registry: situation.registry, clock });
  // A room of its own: the signature covers the bytes, so nothing may parse them before.
  void api.register(async (instance) => {
    const room = instance as Api;
    room.removeAllContentTypeParsers();
    room.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    room.post(
      '/api/v1/ingest/:source',
      {
        config: { access: 'anyone' },
        schema: {
          summary: 'Take a signed message of a foreign platform',
          description:
            'X-Fengsui-Timestamp: seconds since 1970, within 5 min of our clock. X-Fengsui-Signature: ' +
            'sha256=hex(HMAC-SHA256(secret, timestamp + "." + body)). Answered once the message is durable; the same ' +
            'push again gets the same answer and has no effect. docs/reference/mapping.md',
          tags: ['foreign'],
          security: [{ signature: [] }],
          params: Type.Object({ source: Type.String({ maxLength: 128 }) }),
          headers: Type.Object({
            'x-fengsui-timestamp': Type.Optional(Type.String({ maxLength: 64 })),
            'x-fengsui-signature': Type.Optional(Type.String({ maxLength: 256 })),
          }),
          response: { 202: PushAnswer, default: Problem },
        },
      },
      async (request, reply) => {
        try {
          const answer = await intake.push({
            sourceId: request.params.source,
            timestamp: request.headers['x-fengsui-timestamp'],
            signature: request.headers['x-fengsui-signature'],
            body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
          });
          return await reply.code(202).send(answer);
        } catch (error) {
          if (!(error instanceof PushRefusal)) throw error;
          const { status, code, message, retryAfterS } = error;
          const headers = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
          throw new ApiError(status, code, message, headers);
        }
      },
    );
  });
}
