import fastifyCookie from '@fastify/cookie';
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import { ForeignReception } from '../intake/foreign/foreign-reception.ts';
import { snapshotOf } from '../situation/feed-source.ts';
import type { Api } from './api-instance.ts';
import { auditActs } from './audit-acts.ts';
import { guardRoutes } from './authentication.ts';
import type { ApiContext } from './context.ts';
import { answerAsAll, createHttpServer, type ServerTls } from './http-server.ts';
import { FORWARDED_HEADER, readForwarded } from './forwarded.ts';
import { LiveFeed } from './live-feed.ts';
import { namedSchemas } from './named-schemas.ts';
import { withProblemType } from './problem-type.ts';
import { accountBoundRoutes } from './routes/account-bound-routes.ts';
import { alarmFiguresRoutes } from './routes/alarm-figures-routes.ts';
import { alarmGroupRoutes } from './routes/alarm-group-routes.ts';
import { alarmRoutes } from './routes/alarm-routes.ts';
import { auditRoutes } from './routes/audit-routes.ts';
import { callOutRoutes } from './routes/call-out-routes.ts';
import { commandRoutes } from './routes/command-routes.ts';
import { confirmRoutes } from './routes/confirm-routes.ts';
import { contactRoutes } from './routes/contact-routes.ts';
import { deviceRoutes } from './routes/device-routes.ts';
import { gbDutyRoutes } from './routes/gb-duty-routes.ts';
import { gbQuarantineRoutes } from './routes/gb-quarantine-routes.ts';
import { gbRelayRoutes } from './routes/gb-relay-routes.ts';
import { evidenceRoutes } from './routes/evidence-routes.ts';
import { factoryRoutes } from './routes/factory-routes.ts';
import { gbRoutes } from './routes/gb-routes.ts';
import { enrolRoutes } from './routes/enrol-routes.ts';
import { acceptanceRoutes } from './routes/acceptance-routes.ts';
import { commissioningRoutes } from './routes/commissioning-routes.ts';
import { deskPackRoutes } from './routes/desk-pack-routes.ts';
import { paperRoutes } from './routes/paper-routes.ts';
import { trialRoutes } from './routes/trial-routes.ts';
import { healthRoutes } from './routes/health-routes.ts';
import { importRoutes } from './routes/import-routes.ts';
import { ingestRoutes, type IngestParts } from './routes/ingest-routes.ts';
import { inventoryRoutes } from './routes/inventory-routes.ts';
import { loadHistoryRoutes } from './routes/load-history-routes.ts';
import { incidentRoutes } from './routes/incident-routes.ts';
import { isolationRoutes } from './routes/isolation-routes.ts';
import { loadRoutes } from './routes/load-routes.ts';
import { inboxRoutes } from './routes/inbox-routes.ts';
import { mappingRoutes } from './routes/mapping-routes.ts';
import { sourceRoutes } from './routes/source-routes.ts';
import { qualityRoutes } from './routes/quality-routes.ts';
import { registryRoutes } from './routes/registry-routes.ts';
import { ownAccountRoutes } from './routes/own-account-routes.ts';
import { ruleRoutes } from './routes/rule-routes.ts';
import { secondFactorRoutes } from './routes/second-factor-routes.ts';
import { seatRoutes } from './routes/seat-routes.ts';
import { openIdRoutes } from './routes/open-id-routes.ts';
import { sessionRoutes } from './routes/session-routes.ts';
import { telemetryRoutes } from './routes/telemetry-routes.ts';
import { userRoutes } from './routes/user-routes.ts';
import { tokenRoutes } from './routes/token-routes.ts';
import { rolloutRoutes } from './routes/rollout-routes.ts';
import { verdictRoutes } from './routes/verdict-routes.ts';
import { workRoutes } from './routes/work-routes.ts';
import { serveConsole, type ConsoleFiles } from './console-files.ts';

export type { ServerTls };

export type ApiOptions = {
  readonly context: ApiContext;
  readonly console: ConsoleFiles;
  readonly tls?: ServerTls;
  readonly connectionsPerAddress?: number | undefined;
};

/** HTTP API, live feed and console on one server. */
export async function createApi({
  context,
  console: consoleFiles,
  tls,
  connectionsPerAddress,
}: ApiOptions): Promise<{ readonly api: Api; readonly feed: LiveFeed }> {
  const api = createHttpServer({ tls, connectionsPerAddress });
  await api.register(fastifyCookie);
  await describeApi(api, context.version);
  answerAsAll(api, context);
  api.addHook('onRequest', async (request) => {
    const forwarded = readForwarded(request.headers[FORWARDED_HEADER], (key) => context.isMirrorSeat?.(key) === true);
    if (forwarded !== undefined) request.forwarded = forwarded;
  });
  guardRoutes(api, context.accounts, context.rate);
  auditActs(api, context);
  for (const routes of [
    healthRoutes,
    sessionRoutes,
    openIdRoutes,
    seatRoutes,
    ownAccountRoutes,
    confirmRoutes,
    secondFactorRoutes,
    userRoutes,
    accountBoundRoutes,
    registryRoutes,
    tokenRoutes,
    inventoryRoutes,
    contactRoutes,
    deviceRoutes,
    importRoutes,
    alarmRoutes,
    alarmGroupRoutes,
    alarmFiguresRoutes,
    verdictRoutes,
    telemetryRoutes,
    loadRoutes,
    loadHistoryRoutes,
    commandRoutes,
    enrolRoutes,
    factoryRoutes,
    gbRoutes,
    gbDutyRoutes,
    gbQuarantineRoutes,
    gbRelayRoutes,
    (on: Api, of: ApiContext) => ingestRoutes(on, ingestOf(of)),
    mappingRoutes,
    inboxRoutes,
    sourceRoutes,
    qualityRoutes,
    commissioningRoutes,
    acceptanceRoutes,
    trialRoutes,
    incidentRoutes,
    callOutRoutes,
    isolationRoutes,
    paperRoutes,
    deskPackRoutes,
    evidenceRoutes,
    workRoutes,
    rolloutRoutes,
    ruleRoutes,
    auditRoutes,
  ])
    routes(api, context);
  if (tls !== undefined) {
    // Without a file name: phones then offer to install it instead of saving it.
    api.get('/ca.crt', { config: { access: 'anyone' }, schema: { hide: true } }, async (_request, reply) =>
      reply.type('application/x-x509-ca-cert').send(tls.ca),
    );
  }
  await serveConsole(api, consoleFiles);
  const feed = new LiveFeed({
    ...context,
    snapshot: (scope, topics) =>
      snapshotOf(
        context.situation,
        scope,
        topics,
        (alarm) => context.grouping.shown(alarm),
        () => context.isolations.open(),
      ),
  });
  api.server.on('upgrade', (request, socket, head) => feed.upgrade(request, socket, head));
  return { api, feed };
}

function ingestOf({ journal, situation: { registry }, clock, foreign }: ApiContext): IngestParts {
  return { registry, clock, reception: foreign?.reception ?? new ForeignReception({ journal, registry }) };
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
    transform: ({ schema, url, route }) => {
      const access = route.config?.access;
      // Routes without a log-in say so; without this the document claims that even logging in needs one.
      const security = access === 'anyone' ? { security: [] } : {};
      return { schema: { ...security, ...(access !== undefined && { 'x-access': access }), ...schema }, url };
    },
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
