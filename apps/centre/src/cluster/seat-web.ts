import fastifyReplyFrom from '@fastify/reply-from';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { serveConsole, type ConsoleFiles } from '../api/console-files.ts';
import { forwardedHeader, FORWARDED_HEADER } from '../api/forwarded.ts';
import { answerAsAll, createHttpServer, type ServerTls } from '../api/http-server.ts';
import { LiveFeed, type FeedOptions } from '../api/live-feed.ts';
import { problemOf } from '../api/problem.ts';
import { listen } from '../platform/listen.ts';
import type { Log } from '../platform/log.ts';
import type { SeatsPlace } from './cluster-words.ts';
import { processRoutes, type ProcessState } from './process-routes.ts';

export type SeatWebOptions = Omit<ProcessState, 'figures'> & {
  readonly host: string;
  readonly port: number;
  readonly tls?: ServerTls;
  readonly connectionsPerAddress?: number;
  readonly console: ConsoleFiles;
  readonly log: Log;
  readonly feed: FeedOptions;
  /** Of the centre that leads, as far as it is known. */
  readonly leader: () => SeatsPlace | undefined;
};

/** A question that computes for longer has been given up by the centre before. */
const ANSWER_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 3_000;
const CONNECTIONS = 64;
/** Of an attempt to connect: nothing of the question has left. */
const NOT_ASKED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * The web door of a process that serves seats: console and live feed from here, everything else asked of the centre that
 * leads, in the caller's name.
 */
export async function openSeatWeb(options: SeatWebOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { host, port, tls, log, troubles, leader } = options;
  const web = createHttpServer(options);
  answerAsAll(web, { log, isTls: tls !== undefined });
  const feed = new LiveFeed(options.feed);
  processRoutes(web, {
    ...options,
    figures: () => [
      ['fengsui_feed_clients', 'gauge', 'Open connections to the live feed.', feed.clientCount],
      ['fengsui_seats_behind', 'gauge', '1: what is shown here may be old.', troubles().length > 0 ? 1 : 0],
    ],
  });
  if (tls !== undefined)
    web.get('/ca.crt', async (_request, reply) => reply.type('application/x-x509-ca-cert').send(tls.ca));
  const ask = askLeader({ leader, log, isTls: tls !== undefined });
  await web.register(async (scope) => {
    // Bodies pass through as they come.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    await scope.register(fastifyReplyFrom, {
      undici: {
        connections: CONNECTIONS,
        headersTimeout: ANSWER_TIMEOUT_MS,
        bodyTimeout: ANSWER_TIMEOUT_MS,
        connect: { timeout: CONNECT_TIMEOUT_MS, ...(tls !== undefined && { ca: tls.ca }) },
      },
      destroyAgent: true,
      disableRequestLogging: true,
      disableCache: true,
    });
    for (const url of ['/api/*', '/call/*', '/docs', '/docs/*']) scope.all(url, ask);
  });
  await serveConsole(web, options.console);
  web.server.on('upgrade', (request, socket, head) => feed.upgrade(request, socket, head));
  await web.ready();
  const taken = await listen(web.server, host, port);
  return {
    port: taken,
    close: async () => {
      await feed.close();
      await web.close();
    },
  };
}

function askLeader({ leader, log, isTls }: Pick<SeatWebOptions, 'leader' | 'log'> & { readonly isTls: boolean }) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const place = leader();
    if (place === undefined) return unanswered(reply, 'no centre leads at the moment');
    const [path = '/'] = request.url.split('?');
    return reply.from(new URL(place.url).origin + path, {
      // A question is asked once: what it did before the connection broke is not known here.
      retryDelay: () => null,
      rewriteRequestHeaders: ({ ip, hostname }, headers) => ({
        ...headers,
        [FORWARDED_HEADER]: forwardedHeader(place.key, { address: ip, host: hostname }),
      }),
      rewriteHeaders: (headers) => (isTls ? withSecureCookies(headers) : headers),
      onError: (answer, { error }) => {
        log.warn('not answered by the centre that leads', { requestId: request.id, reason: error.message });
        // What is left of the body would be taken for the next request of this connection.
        if (!request.raw.complete) void answer.header('connection', 'close');
        request.raw.resume();
        const { code = '' } = (error.cause ?? error) as NodeJS.ErrnoException;
        if (NOT_ASKED.has(code)) void unanswered(answer as FastifyReply, 'the centre that leads cannot be reached');
        else void unheard(answer as FastifyReply);
      },
    });
  };
}

/** It was not passed on: what was to be done is not done. */
function unanswered(reply: FastifyReply, words: string): FastifyReply {
  return problem(reply, 'centreAway', `${words}; another takes over within seconds, try again`);
}

/** It was passed on. */
function unheard(reply: FastifyReply): FastifyReply {
  return problem(
    reply,
    'centreSilent',
    'the centre that leads was asked and does not answer: whether it did it is not known',
  );
}

const problem = (reply: FastifyReply, code: string, words: string): FastifyReply =>
  reply
    .code(503)
    .header('retry-after', '2')
    .type('application/problem+json')
    .send(problemOf(503, code, words));

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The centre may be asked over a line of its own; the seat is not. */
function withSecureCookies(headers: Headers): Headers {
  const cookies = [headers['set-cookie'] ?? []].flat();
  if (cookies.length === 0) return headers;
  return {
    ...headers,
    'set-cookie': cookies.map((cookie) => (/;\s*secure/i.test(cookie) ? cookie : `${cookie}; Secure`)),
  };
}
