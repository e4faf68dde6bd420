import process from 'node:process';
import { isLoopback } from '../api/authentication.ts';
import type { createHttpServer } from '../api/http-server.ts';
import { problemOf } from '../api/problem.ts';

export type ProcessState = {
  readonly version: string;
  /** Why it cannot serve; [] when ready. */
  readonly troubles: () => readonly string[];
  readonly figures: () => readonly Figure[];
};

export type Figure = readonly [name: string, type: 'gauge' | 'counter', help: string, value: number];

/** Whether a process with doors lives and is ready, which is what a load balancer asks; its figures, as Prometheus text. */
export function processRoutes(
  web: ReturnType<typeof createHttpServer>,
  { version, troubles, figures }: ProcessState,
): void {
  web.get('/healthz', async () => ({ status: 'ok', version }));
  web.get('/readyz', async (_request, reply) => {
    const found = troubles();
    const [code, status] = found.length === 0 ? [200, 'ready'] : [503, 'notReady'];
    return reply.code(code).send({ status, troubles: found });
  });
  web.get('/metrics', async (request, reply) => {
    if (!isLoopback(request.socket.remoteAddress))
      return reply.code(403).send(problemOf(403, 'forbidden', 'the figures of this process are for its own machine'));
    const resident = ['process_resident_memory_bytes', 'gauge', 'Resident memory.', process.memoryUsage.rss()] as const;
    const lines = [...figures(), resident].map(
      ([name, type, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`,
    );
    return reply.type('text/plain; version=0.0.4').send(lines.join(''));
  });
}
