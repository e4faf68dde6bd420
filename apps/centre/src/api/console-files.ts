import fastifyStatic from '@fastify/static';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Api } from './api-instance.ts';
import { problemOf } from './problem.ts';

/** Where the built console lies, and whether it is being built right now. */
export type ConsoleFiles = { readonly folder: string; readonly isBuilding: () => boolean };

const BUILDING_PAGE = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width"><title>烽燧 Fengsui</title>
<body style="background:#14181c;color:#d5dce3;font:18px/1.6 sans-serif;padding:15vh 8vw">
<h1>烽燧 Fengsui</h1><p>控制台正在构建，几秒后自动打开。<br>The console is being built; this page opens it in a few seconds.</p>
<p>设备上报不受影响。<br>Reports from devices are being taken meanwhile.</p></body></html>`;

const MISSING_PAGE = BUILDING_PAGE.replace(
  /控制台正在构建.*?seconds[.]/s,
  '控制台尚未构建：运行 npm run build。<br>The console is not built: run "npm run build".',
);

/** The console's files; every other path that is not the API's is a page of the console (its router decides). */
export async function serveConsole(api: Api, { folder, isBuilding }: ConsoleFiles): Promise<void> {
  // wildcard: the build replaces the folder while the centre runs.
  await api.register(fastifyStatic, { root: folder, serve: false });
  api.get('/assets/*', { schema: { hide: true } }, async (request, reply) => {
    const { '*': name } = request.params as { '*': string };
    return reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .sendFile(path.posix.join('assets', name));
  });
  api.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' && !request.url.startsWith('/api/') && !request.url.startsWith('/docs');
    if (!isPage) {
      return reply
        .code(404)
        .type('application/problem+json')
        .send(problemOf(404, 'notFound', `${request.method} ${request.url.split('?')[0] ?? ''} does not exist`));
    }
    void reply.header('cache-control', 'no-cache');
    if (existsSync(path.join(folder, 'index.html'))) return reply.sendFile('index.html');
    return reply
      .code(503)
      .type('text/html; charset=utf-8')
      .send(isBuilding() ? BUILDING_PAGE : MISSING_PAGE);
  });
}
