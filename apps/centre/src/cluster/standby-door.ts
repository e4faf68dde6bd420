import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { listen } from '../platform/listen.ts';

export type StandbyDoorOptions = {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly leader: string;
};

/**
 * The web door of a centre that stands by: it lives (/healthz) and is not ready (/readyz), which is what a load balancer
 * asks; everything else is 503 `standby`. Its other doors are closed, so that devices find the leader.
 */
export async function openStandbyDoor(options: StandbyDoorOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { host, port, tls, leader } = options;
  const answer: RequestListener = (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://standby');
    const say = (status: number, type: string, body: object): void => {
      // A load balancer must not go on with the same connection when this centre begins to lead.
      response.writeHead(status, { 'content-type': type, connection: 'close', 'cache-control': 'no-store' });
      response.end(JSON.stringify(body));
    };
    if (pathname === '/healthz') return say(200, 'application/json', { status: 'ok' });
    if (pathname === '/readyz')
      return say(503, 'application/json', { status: 'standby', leader, troubles: [`standing by for ${leader}`] });
    say(503, 'application/problem+json', {
      type: 'about:blank',
      title: 'This centre stands by',
      status: 503,
      code: 'standby',
      detail: `The leader is ${leader}; this centre takes over when it ends.`,
    });
  };
  const server =
    tls === undefined ? createHttpServer(answer) : createHttpsServer({ key: tls.key, cert: tls.cert }, answer);
  const taken = await listen(server, host, port);
  return {
    port: taken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
