import type { CallNews } from '@fengsui/protocol';
import { Type } from 'typebox';
import type { CallOutNews } from '../../call-out/call-out-life.ts';
import { answerOfKey } from '../../call-out/call-out-words.ts';
import { readCallId } from '../../call-out/kept-call-out.ts';
import { findCallOut } from '../../call-out/read-call-outs.ts';
import { isSigned, readTimestamp, SIGNATURE_WINDOW_MS } from '../../platform/signature.ts';
import type { Api } from '../api-instance.ts';
import { appendCallOut } from '../call-out-order.ts';
import type { ApiContext } from '../context.ts';
import { ApiError, notFound, Problem } from '../problem.ts';

const tags = ['call-outs'];
/** Who answers has no log-in: what he may see is in his link, or the adapter's signature. */
const ALL = { venues: 'all' } as const;

/** How people answer: a key, over the adapter; or the page of their call. Neither has a log-in. */
export function callAnswerRoutes(api: Api, context: ApiContext): void {
  const { clock, callOut } = context;
  void api.register(async (instance) => {
    const room = instance as Api;
    // The signature covers the bytes: nothing may parse them before.
    room.removeAllContentTypeParsers();
    room.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    room.post(
      '/api/v1/call-outs/answers',
      {
        config: { access: 'anyone', audit: 'none' },
        schema: {
          summary: 'What an adapter for calls and short messages tells of one of them: a key, or that it failed',
          description:
            'Body: CallNews. X-Fengsui-Timestamp: seconds since 1970, within 5 min of our clock. X-Fengsui-Signature: ' +
            'sha256=hex(HMAC-SHA256(callOut.phoneSecret, timestamp + "." + body)). Answered once it is durable; the ' +
            'same again has no effect. docs/reference/call-out.md',
          tags,
          security: [{ signature: [] }],
          headers: Type.Object({
            'x-fengsui-timestamp': Type.Optional(Type.String({ maxLength: 64 })),
            'x-fengsui-signature': Type.Optional(Type.String({ maxLength: 256 })),
          }),
          response: { 202: Type.Object({}), default: Problem },
        },
      },
      async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const { 'x-fengsui-timestamp': timestamp = '', 'x-fengsui-signature': signature = '' } = request.headers;
        const at = readTimestamp(timestamp);
        const isTimely = at !== undefined && Math.abs(clock.now() - at) <= SIGNATURE_WINDOW_MS;
        const secret = callOut?.phoneSecret;
        if (secret === undefined || !isTimely || !isSigned(secret, timestamp, body, signature))
          throw new ApiError(
            401,
            'badSignature',
            'expected X-Fengsui-Timestamp of now and X-Fengsui-Signature over it and the body',
          );
        const { callId, news } = newsIn(body);
        const known = readCallId(callId);
        const found = known && (await findCallOut(ALL, context.store, known.callOutId));
        if (found?.calls[known === undefined ? -1 : known.number - 1] === undefined) throw notFound(`call ${callId}`);
        await appendCallOut(context, found.place.partition, { kind: 'callOutNews', callOutId: found.id, news });
        return reply.code(202).send({});
      },
    );
  });
}

/** @throws ApiError that names what is wrong. */
function newsIn(body: Buffer): { readonly callId: string; readonly news: CallOutNews } {
  let told: unknown;
  try {
    told = JSON.parse(body.toString('utf8'));
  } catch {
    throw new ApiError(400, 'invalidJson', 'the body is not JSON');
  }
  const { callId, event, key, reason = 'failed' } = (told ?? {}) as Partial<CallNews>;
  const number = typeof callId === 'string' ? readCallId(callId)?.number : undefined;
  if (typeof callId !== 'string' || number === undefined)
    throw new ApiError(
      400,
      'invalidRequest',
      `callId is ${JSON.stringify(callId ?? null)}, expected it as it was given`,
    );
  if (event === 'failed') return { callId, news: { kind: 'failed', number, reason: String(reason).slice(0, 200) } };
  const answer = event === 'answer' && typeof key === 'string' ? answerOfKey(key) : undefined;
  if (answer === undefined)
    throw new ApiError(
      422,
      'invalidAnswer',
      `event is ${JSON.stringify(event ?? null)}, key ${JSON.stringify(key ?? null)}; expected failed, or answer with key 1 or 2`,
    );
  return { callId, news: { kind: 'answered', number, answer } };
}
