import { answerAsAll, createHttpServer } from '../api/http-server.ts';
import { namedSchemas } from '../api/named-schemas.ts';
import { problemOf } from '../api/problem.ts';
import { ingestRoutes, type IngestParts } from '../api/routes/ingest-routes.ts';
import { listen } from '../platform/listen.ts';
import type { Log } from '../platform/log.ts';
import { processRoutes, type ProcessState } from './process-routes.ts';

export type ProcessWebOptions = ProcessState & {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly connectionsPerAddress?: number;
  readonly log: Log;
  /** Where messages that other platforms push are taken. */
  readonly ingest?: IngestParts;
  readonly role: 'gateway' | 'worker';
};

/**
 * The web door of a process that nobody logs in at: whether it lives and is ready, which is what a load balancer asks;
 * its figures; at a gateway, messages that other platforms push.
 */
export async function openProcessWeb(options: ProcessWebOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { host, port, tls, log, ingest, role } = options;
  const web = createHttpServer(options);
  for (const schema of namedSchemas) web.addSchema(schema);
  answerAsAll(web, { log, isTls: tls !== undefined });
  processRoutes(web, options);
  if (ingest !== undefined) ingestRoutes(web, ingest);
  web.setNotFoundHandler((_request, reply) => {
    const words = `this is a ${role}: screens and the API are at the centre with the role api`;
    return reply
      .code(404)
      .type('application/problem+json')
      .send(problemOf(404, role, words));
  });
  await web.ready();
  const taken = await listen(web.server, host, port);
  return { port: taken, close: () => web.close() };
}
