import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyReply } from 'fastify';
import { TooManyWaiting } from '../access/turns.ts';
import type { Log } from '../platform/log.ts';
import { isStoreError } from '../store/store-error.ts';
import type { Api } from './api-instance.ts';
import { careForConnections, connectionLimits } from './connection-care.ts';
import { ApiError, codeOfStatus, problemOf } from './problem.ts';
import { serialiseOnDemand } from './serialise-on-demand.ts';

/** PEM. `ca` is handed out at /ca.crt, so that a phone can be made to trust this centre. */
export type ServerTls = { readonly key: string; readonly cert: string; readonly ca: string };

export type HttpDoor = {
  readonly tls?: Pick<ServerTls, 'key' | 'cert'> | undefined;
  /** At once; 0 or absent: as many as come. */
  readonly connectionsPerAddress?: number | undefined;
};

const BODY_LIMIT_BYTES = 256 * 1024;

/** Strict: nothing inline, no other host. What a script sets through the CSSOM, as the plots do, is no inline style. */
const policyWith = (styles: string): string =>
  `default-src 'self'; style-src ${styles}; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; ` +
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
const CONTENT_SECURITY_POLICY = policyWith("'self'");
/** Swagger has styles in its page; nothing of a venue is in it. */
const DOCS_SECURITY_POLICY = policyWith("'self' 'unsafe-inline'");

/** A server without routes, of a centre or a gateway. It is to be given its answers by `answerAsAll`, before its routes. */
export function createHttpServer({ tls, connectionsPerAddress }: HttpDoor): Api {
  const app = fastify({
    ...(tls === undefined
      ? { http: connectionLimits }
      : { https: { ...connectionLimits, key: tls.key, cert: tls.cert, minVersion: 'TLSv1.2' as const } }),
    bodyLimit: BODY_LIMIT_BYTES,
    // Names one request in the log, in its answer, and in what a person reads to the administrator.
    genReqId: () => randomBytes(8).toString('hex'),
    requestTimeout: connectionLimits.requestTimeout,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 256 },
    schemaController: { compilersFactory: { buildSerializer: serialiseOnDemand() } },
    // What fails before there is a route: an escape in the path that is none.
    frameworkErrors: (error, _request, reply) => {
      const { statusCode = 400, message } = error;
      void (reply as unknown as FastifyReply)
        .code(statusCode)
        .type('application/problem+json')
        .send(problemOf(statusCode, codeOfStatus(statusCode), message));
    },
  });
  const api = app
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler(TypeBoxValidatorCompiler) as unknown as Api;
  careForConnections(api, connectionsPerAddress ?? 0);
  return api;
}

/** Problems, headers, the log and JSON, the same on every route that is added from here on. */
export function answerAsAll(api: Api, context: { readonly log: Log; readonly isTls: boolean }): void {
  answerWithProblems(api, context);
  api.addHook('onSend', async (request, reply) => {
    const isDocs = /^\/docs(?:\/|$)/.test(request.url);
    void reply.header('content-security-policy', isDocs ? DOCS_SECURITY_POLICY : CONTENT_SECURITY_POLICY);
    void reply.header('x-request-id', request.id);
    void reply.header('x-content-type-options', 'nosniff');
    void reply.header('referrer-policy', 'no-referrer');
    // Not for localhost: a browser would then refuse every other http://localhost of this machine.
    if (context.isTls && !/^(localhost|127[.]|\[::1\])/.test(request.headers.host ?? '')) {
      void reply.header('strict-transport-security', 'max-age=31536000');
    }
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
  });
  api.addHook('onResponse', async (request, reply) => {
    context.log.debug('request', {
      requestId: request.id,
      method: request.method,
      // Without the query: it may name what is nobody's business in a log.
      url: request.url.split('?')[0] ?? '',
      status: reply.statusCode,
      tookMs: Math.round(reply.elapsedTime),
      by: request.caller?.username ?? '',
    });
  });
  // POST without a body (acknowledge without a note) is legal whatever content type it claims.
  api.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, null);
    try {
      done(null, JSON.parse(body as string));
    } catch (error) {
      done(new ApiError(400, 'invalidJson', `the body is not JSON: ${error instanceof Error ? error.message : ''}`));
    }
  });
}

const DRAIN_MS = 1_000;

/** Takes in the rest of a body that is too large, for a while: who is cut off while he sends never reads why. */
async function drained(body: IncomingMessage): Promise<void> {
  if (body.complete) return;
  let timer: NodeJS.Timeout | undefined;
  body.resume();
  await Promise.race([
    new Promise((resolve) => body.once('end', resolve).once('close', resolve)),
    new Promise((resolve) => (timer = setTimeout(resolve, DRAIN_MS))),
  ]);
  clearTimeout(timer);
}

function answerWithProblems(api: Api, { log }: { readonly log: Log }): void {
  api.setErrorHandler(async (error: unknown, request, reply) => {
    if (error instanceof ApiError) {
      void reply.headers(error.headers);
      return reply
        .code(error.status)
        .type('application/problem+json')
        .send(problemOf(error.status, error.code, error.message));
    }
    if (error instanceof TooManyWaiting)
      return reply
        .code(503)
        .type('application/problem+json')
        .header('retry-after', '5')
        .send(problemOf(503, 'tooBusy', 'too many passwords are being looked at; try again in a few seconds'));
    const { statusCode, validation, message } = error as {
      statusCode?: number;
      validation?: unknown;
      message: string;
    };
    if (validation !== undefined)
      return reply
        .code(400)
        .type('application/problem+json')
        .send(problemOf(400, 'invalidRequest', message));
    if (statusCode === 413) await drained(request.raw);
    if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
      return reply
        .code(statusCode)
        .type('application/problem+json')
        .send(problemOf(statusCode, codeOfStatus(statusCode), message));
    }
    if (isStoreError(error, 'input'))
      return reply
        .code(400)
        .type('application/problem+json')
        .send(problemOf(400, 'invalidParameter', message));
    log.error('request failed', {
      requestId: request.id,
      method: request.method,
      url: request.routeOptions.url ?? request.url,
      error: message,
    });
    return reply
      .code(500)
      .type('application/problem+json')
      .send(problemOf(500, 'internal', 'the centre failed at this; its log says why'));
  });
}
