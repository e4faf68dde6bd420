import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyReply } from 'fastify';
import { isStoreError } from '../store/store-error.ts';
import type { Api } from './api-instance.ts';
import { guardRoutes } from './authentication.ts';
import type { ApiContext } from './context.ts';
import { LiveFeed } from './live-feed.ts';
import { namedSchemas } from './named-schemas.ts';
import { withProblemType } from './problem-type.ts';
import { ApiError, codeOfStatus, problemOf } from './problem.ts';
import { serialiseOnDemand } from './serialise-on-demand.ts';
import { alarmRoutes } from './routes/alarm-routes.ts';
import { commandRoutes } from './routes/command-routes.ts';
import { contactRoutes } from './routes/contact-routes.ts';
import { deviceRoutes } from './routes/device-routes.ts';
import { gbDutyRoutes } from './routes/gb-duty-routes.ts';
import { gbQuarantineRoutes } from './routes/gb-quarantine-routes.ts';
import { gbRelayRoutes } from './routes/gb-relay-routes.ts';
import { factoryRoutes } from './routes/factory-routes.ts';
import { gbRoutes } from './routes/gb-routes.ts';
import { enrolRoutes } from './routes/enrol-routes.ts';
import { acceptanceRoutes } from './routes/acceptance-routes.ts';
import { commissioningRoutes } from './routes/commissioning-routes.ts';
import { paperRoutes } from './routes/paper-routes.ts';
import { trialRoutes } from './routes/trial-routes.ts';
import { healthRoutes } from './routes/health-routes.ts';
import { importRoutes } from './routes/import-routes.ts';
import { ingestRoutes } from './routes/ingest-routes.ts';
import { inventoryRoutes } from './routes/inventory-routes.ts';
import { loadRoutes } from './routes/load-routes.ts';
import { inboxRoutes } from './routes/inbox-routes.ts';
import { mappingRoutes } from './routes/mapping-routes.ts';
import { sourceRoutes } from './routes/source-routes.ts';
import { qualityRoutes } from './routes/quality-routes.ts';
import { registryRoutes } from './routes/registry-routes.ts';
import { sessionRoutes } from './routes/session-routes.ts';
import { telemetryRoutes } from './routes/telemetry-routes.ts';
import { userRoutes } from './routes/user-routes.ts';
import { rolloutRoutes } from './routes/rollout-routes.ts';
import { verdictRoutes } from './routes/verdict-routes.ts';
import { workRoutes } from './routes/work-routes.ts';
import { serveConsole, type ConsoleFiles } from './console-files.ts';

/** PEM. `ca` is handed out at /ca.crt, so that a phone can be made to trust this centre. */
export type ServerTls = { readonly key: string; readonly cert: string; readonly ca: string };

export type ApiOptions = {
  readonly context: ApiContext;
  readonly console: ConsoleFiles;
  readonly tls?: ServerTls;
};

const BODY_LIMIT_BYTES = 256 * 1024;

/** Strict: no inline script, no other host. style-src 'unsafe-inline' is for uPlot and Swagger's own styles. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:; " +
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** HTTP API, live feed and console on one server. */
export async function createApi({
  context,
  console: consoleFiles,
  tls,
}: ApiOptions): Promise<{ readonly api: Api; readonly feed: LiveFeed }> {
  const app = fastify({
    ...(tls === undefined ? {} : { https: { key: tls.key, cert: tls.cert, minVersion: 'TLSv1.2' as const } }),
    bodyLimit: BODY_LIMIT_BYTES,
    // Names one request in the log, in its answer, and in what a person reads to the administrator.
    genReqId: () => randomBytes(8).toString('hex'),
    requestTimeout: 30_000,
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

  await api.register(fastifyCookie);
  await describeApi(api, context.version);
  answerWithProblems(api, context);
  api.addHook('onSend', async (request, reply) => {
    void reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
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
  guardRoutes(api, context.accounts);
  // POST without a body (acknowledge without a note) is legal whatever content type it claims.
  api.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, null);
    try {
      done(null, JSON.parse(body as string));
    } catch (error) {
      done(new ApiError(400, 'invalidJson', `the body is not JSON: ${error instanceof Error ? error.message : ''}`));
    }
  });

  for (const routes of [
    healthRoutes,
    sessionRoutes,
    userRoutes,
    registryRoutes,
    inventoryRoutes,
    contactRoutes,
    deviceRoutes,
    importRoutes,
    alarmRoutes,
    verdictRoutes,
    telemetryRoutes,
    loadRoutes,
    commandRoutes,
    enrolRoutes,
    factoryRoutes,
    gbRoutes,
    gbDutyRoutes,
    gbQuarantineRoutes,
    gbRelayRoutes,
    ingestRoutes,
    mappingRoutes,
    inboxRoutes,
    sourceRoutes,
    qualityRoutes,
    commissioningRoutes,
    acceptanceRoutes,
    trialRoutes,
    paperRoutes,
    workRoutes,
    rolloutRoutes,
  ])
    routes(api, context);
  if (tls !== undefined) {
    // Without a file name: phones then offer to install it instead of saving it.
    api.get('/ca.crt', { config: { access: 'anyone' }, schema: { hide: true } }, async (_request, reply) =>
      reply.type('application/x-x509-ca-cert').send(tls.ca),
    );
  }
  await serveConsole(api, consoleFiles);
  endEveryConnection(api);
  const feed = new LiveFeed(context);
  api.server.on('upgrade', (request, socket, head) => feed.upgrade(request, socket, head));
  return { api, feed };
}

/**
 * A connection over which nothing was ever asked (a browser opens them in advance) is closed by nobody else: it would
 * hold up the stop for as long as it stays open.
 */
function endEveryConnection(api: Api): void {
  const open = new Set<Socket>();
  let isClosing = false;
  api.server.on('connection', (socket: Socket) => {
    if (isClosing) return socket.destroy();
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  api.addHook('preClose', (done) => {
    isClosing = true;
    for (const socket of open) socket.destroy();
    done();
  });
}

async function describeApi(api: Api, version: string): Promise<void> {
  for (const schema of namedSchemas) api.addSchema(schema);
  await api.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Fengsui 烽燧',
        version,
        description:
          'Smart fire-safety operations centre. The live feed is a WebSocket at /api/v1/live: docs/reference/live-feed.md.',
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          signature: { type: 'apiKey', in: 'header', name: 'X-Fengsui-Signature' },
          device: { type: 'http', scheme: 'basic' },
          session: { type: 'apiKey', in: 'cookie', name: 'fengsui_session' },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: ({ schema, url, route }) => ({
      // Routes without a log-in say so; without this the document claims that even logging in needs one.
      schema: route.config?.access === 'anyone' ? { security: [], ...schema } : schema,
      url,
    }),
    transformObject: (document) =>
      'openapiObject' in document ? withProblemType(document.openapiObject) : document.swaggerObject,
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) =>
        typeof json.$id === 'string' ? json.$id : `def-${index}`,
    },
  });
  await api.register(fastifySwaggerUi, { routePrefix: '/docs' });
  api.get('/api/openapi.json', { schema: { hide: true } }, async () => api.swagger());
}

function answerWithProblems(api: Api, { log }: ApiContext): void {
  api.setErrorHandler((error: unknown, request, reply) => {
    if (error instanceof ApiError) {
      void reply.headers(error.headers);
      return reply
        .code(error.status)
        .type('application/problem+json')
        .send(problemOf(error.status, error.code, error.message));
    }
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
