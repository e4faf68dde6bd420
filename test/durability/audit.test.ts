import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startPostgresServer, type PostgresServer } from '../../tools/servers/postgres-server.ts';
import { ApiClient } from '../contract/client/api-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { CentreProcess, fengsui } from '../harness/centre-process.ts';

type Row = {
  readonly sequence: number;
  readonly act: string;
  readonly by: string;
  readonly result: string;
  readonly what?: string;
  readonly target?: string;
};

const REASONS = '/api/v1/venues/V1/load-history-reasons';
const ROUNDS = 3;

let server: PostgresServer;
let scratch: string;
before(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'fengsui-audit-kill-'));
  server = await startPostgresServer();
});
after(async () => {
  await server.stop();
  await rm(scratch, { recursive: true, force: true });
});

/** A collector on TCP that ends when its sender has ended. */
async function collector(): Promise<{ readonly server: Server; readonly url: string; readonly got: string[] }> {
  const got: string[] = [];
  const listening = createServer((socket) => {
    const pieces: Buffer[] = [];
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    socket.on('error', () => undefined);
    socket.on('end', () => got.push(Buffer.concat(pieces).toString('ascii')));
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return { server: listening, url: `tcp://127.0.0.1:${(listening.address() as AddressInfo).port}`, got };
}

const engines: readonly (readonly [name: string, env: () => Record<string, string>])[] = [
  ['the embedded store', () => ({})],
  ['PostgreSQL', () => ({ FENGSUI_DATABASE_URL: server.url })],
];

for (const [engine, env] of engines) {
  describe(`kill -9 with ${engine}`, () => {
    let centre: CentreProcess;
    let sink: Awaited<ReturnType<typeof collector>>;
    before(async () => {
      sink = await collector();
      centre = await CentreProcess.start({ env: { ...env(), FENGSUI_AUDIT_SYSLOG: sink.url } });
      await centre.createDevice('K1', 'generic-terminal', 'V1');
    });
    after(async () => {
      await centre.dispose();
      await new Promise((resolve) => void sink.server.close(resolve));
    });

    test('no act is without its row, the chain is whole, and the collector has every row', async () => {
      const operator = new ApiClient(centre.webUrl, await centre.createToken('shiftLeader'));
      const auditor = new ApiClient(centre.webUrl, await centre.createToken('auditor'));
      let count = 0;
      for (let round = 0; round < ROUNDS; round++) {
        let isUp = true;
        const act = async (): Promise<void> => {
          while (isUp) await operator.post(REASONS, { reason: `reason ${count++}` }).catch(() => undefined);
        };
        const acting = Promise.all(Array.from({ length: 4 }, act));
        const begin = count;
        await eventually('acts', () => count > begin + 20);
        await centre.kill9();
        isUp = false;
        await acting;
        await centre.up();
      }
      const rows: Row[] = [];
      for (let cursor = ''; ;) {
        const page = await auditor.get<{ items: Row[]; nextCursor?: string }>(`/api/v1/audit?limit=1000${cursor}`);
        rows.push(...page.items);
        if (page.nextCursor === undefined) break;
        cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
      }
      const asked = new Set(rows.filter(({ result }) => result === 'asked').map(({ what }) => what));
      const done = await auditor.get<{ items: { reason: string }[] }>(`${REASONS}?limit=1000`);
      assert.ok(done.items.length > ROUNDS * 20 - 12, `${done.items.length} acts`);
      for (const { reason } of done.items) assert.ok(asked.has(JSON.stringify({ reason })), reason);
      const verified = await fengsui(['audit', 'verify', '--data', centre.folder, '--json'], { env: env() });
      assert.equal(verified.code, 0, verified.stdout + verified.stderr);
      const last = rows[0]?.sequence ?? 0;
      await eventually('the collector to have every row', () => {
        const found = new Set(sink.got.flatMap((text) => [...text.matchAll(/ audit - \{"sequence":(\d+)/g)].map(([, n]) => Number(n)))); // prettier-ignore
        return Array.from({ length: last }, (_, n) => n + 1).every((sequence) => found.has(sequence));
      });
    });
  });
}

test('backups have rows, with the centre running and stopped, and what is restored says from what', async () => {
  const centre = await CentreProcess.start();
  try {
    const first = path.join(scratch, 'first.tar.gz');
    const second = path.join(scratch, 'second.tar.gz');
    const folder = path.join(scratch, 'restored');
    const create = (file: string) => fengsui(['backup', 'create', '--data', centre.folder, '--to', file]);
    assert.equal((await create(first)).code, 0);
    assert.equal(await centre.stop(), 0);
    assert.equal((await create(second)).code, 0);
    const listed = async (data: string): Promise<readonly Row[]> => {
      const { stdout } = await fengsui(['audit', 'list', '--act', 'backup', '--data', data, '--json']);
      return stdout.trim().split('\n').map((line) => JSON.parse(line) as Row).reverse(); // prettier-ignore
    };
    const shown = (rows: readonly Row[]): string[] => rows.map(({ by, act, result }) => `${by}: ${act} ${result}`);
    const rows = await listed(centre.folder);
    assert.deepEqual(shown(rows), [
      'command line: backup create asked',
      'command line: backup create done',
      'command line: backup create done',
    ]);
    assert.deepEqual(rows.map(({ target }) => target?.includes('second')), [false, false, true]); // prettier-ignore
    assert.equal((await fengsui(['backup', 'restore', first, '--data', folder])).code, 0);
    const restored = await listed(folder);
    assert.deepEqual(shown(restored), ['command line: backup create asked', 'command line: backup restore done']);
    assert.match(restored[1]?.what ?? '', /first\.tar\.gz.*"asOf":/);
    const verified = await fengsui(['audit', 'verify', '--data', folder]);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  } finally {
    await centre.dispose();
  }
});
