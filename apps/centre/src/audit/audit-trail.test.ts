import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startPostgresServer, type PostgresServer } from '../../../../tools/servers/postgres-server.ts';
import { createLog } from '../platform/log.ts';
import { migrate } from '../store/migrate.ts';
import { layMigratedStore } from '../store/migrated-store.fixture.ts';
import { AUDIT_ONLY_GROWS } from '../store/migrations/0018-audit.ts';
import { migrations } from '../store/migrations/index.ts';
import { createPgliteStore } from '../store/pglite-store.ts';
import { createPostgresStore } from '../store/postgres-store.ts';
import { isStoreError, StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import { auditColumns, type AuditDraft } from './audit-row.ts';
import { AuditCare } from './audit-care.ts';
import { AuditTrail } from './audit-trail.ts';
import { readHeadFile } from './head-file.ts';
import { listAudit, verifyAudit } from './read-audit.ts';
import { addWaiting } from './waiting-file.ts';

const DAY_MS = 86_400_000;
const NOW = Date.now();
const log = createLog({ level: 'error', json: false, write: () => undefined });

const draft = (n: number): AuditDraft => ({
  by: `operator-${n % 7}`,
  role: 'operator',
  via: 'session',
  from: '127.0.0.1',
  act: 'POST /api/v1/alarms/:id/acknowledge',
  target: JSON.stringify({ id: `a${n}` }),
  venueId: 'V1',
  what: JSON.stringify({ note: `烽燧 ${n}` }),
  result: n % 2 === 0 ? 'asked' : 'done',
  ...(n % 2 === 1 && { status: 200, code: 'none', leftOut: 3 }),
  requestId: `r${n}`,
});

let server: PostgresServer;
let scratch: string;
before(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'fengsui-audit-'));
  server = await startPostgresServer();
});
after(async () => {
  await server.stop();
  await rm(scratch, { recursive: true, force: true });
});

let stores = 0;
const engines: readonly (readonly [name: string, open: () => Promise<Store>])[] = [
  [
    'PGlite',
    async () => {
      const folder = path.join(scratch, `store-${stores++}`);
      await layMigratedStore(folder);
      return createPgliteStore({ folder });
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const name = `audit_${stores++}`;
      const admin = await createPostgresStore({ url: server.url });
      await admin.query(`CREATE DATABASE ${name}`);
      await admin.close();
      const store = await createPostgresStore({ url: server.url.replace(/\/postgres$/, `/${name}`) });
      await migrate(store, migrations);
      return store;
    },
  ],
];

const trailOn = (store: Store, now = (): number => NOW): Promise<AuditTrail> =>
  AuditTrail.open({
    store,
    clock: { now },
    log,
    timeZone: 'Asia/Shanghai',
    headFile: path.join(scratch, `head-${stores++}.json`),
    waitingFile: path.join(scratch, `waiting-${stores}.jsonl`),
  });

/** A slow machine's store may take longer than somebody who acts waits for it. */
async function eventuallyWritten(trail: AuditTrail): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (trail.waitingCount > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(trail.waitingCount, 0, trail.trouble);
}

/** As somebody with all rights on the database would. */
const tamper = (store: Store, sql: string): Promise<unknown> =>
  store.commit([
    { kind: 'sql', sql: 'alter table audit_row disable trigger user' },
    { kind: 'sql', sql },
    { kind: 'sql', sql: 'alter table audit_row enable trigger user' },
  ]);

for (const [engine, open] of engines) {
  describe(`the audit on ${engine}`, () => {
    let store: Store;
    before(async () => {
      store = await open();
    });
    after(() => store.close());

    test('a thousand rows make a chain without a gap, in the order in which they came', async () => {
      const trail = await trailOn(store);
      for (let n = 0; n < 1_000; n++) void trail.append(draft(n));
      await eventuallyWritten(trail);
      const verdict = await verifyAudit(store, trail.head);
      assert.deepEqual(verdict, { count: 1_000, head: trail.head });
      const [newest] = await listAudit(store, { limit: 1 });
      assert.equal(newest?.requestId, 'r999');
      assert.equal(newest.zoneOffset, '+08:00');
      await trail.close();
    });

    test('a change in any column of any row is found and named', async () => {
      const { head } = await trailOn(store);
      for (const [index, column] of auditColumns.entries()) {
        const sequence = [2, 500, 1_000][index % 3] ?? 2;
        const isNumber = ['sequence', 'at', 'status', 'left_out'].includes(column);
        // Of a sequence that moved the place is empty.
        const changed = isNumber
          ? `${column} + ${column === 'sequence' ? 5_000 : 1}`
          : `overlay(${column} placing chr(ascii(${column}) + 1) from 1 for 1)`;
        const [before] = await store.query(`select ${column} as value from audit_row where sequence = ${sequence}`);
        const { value } = before as { value: string | number };
        await tamper(store, `update audit_row set ${column} = ${changed} where sequence = ${sequence}`);
        const { broken } = await verifyAudit(store, head);
        assert.equal(broken?.sequence, sequence, column);
        const where = column === 'sequence' ? sequence + 5_000 : sequence;
        const back = isNumber ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
        await tamper(store, `update audit_row set ${column} = ${back} where sequence = ${where}`);
      }
      assert.equal((await verifyAudit(store, head)).broken, undefined);
    });

    test('a row that is deleted in the middle is named', async () => {
      const { head } = await trailOn(store);
      await tamper(store, 'create table taken as select * from audit_row where sequence in (400, 999, 1000)');
      await tamper(store, 'delete from audit_row where sequence = 400');
      assert.deepEqual((await verifyAudit(store, head)).broken, {
        sequence: 400,
        fault: 'missing',
        expected: 'row 400',
        found: 'row 401',
      });
      await tamper(store, 'insert into audit_row select * from taken where sequence = 400');
    });

    test('an end that is cut off, or written anew, is found by the head kept outside', async () => {
      const { head } = await trailOn(store);
      await tamper(store, 'delete from audit_row where sequence >= 999');
      assert.equal((await verifyAudit(store, undefined)).broken, undefined, 'by itself the table looks whole');
      assert.equal((await verifyAudit(store, head)).broken?.fault, 'tailMissing');
      const forger = await trailOn(store);
      for (const n of [1, 2, 3]) await forger.append(draft(n));
      assert.equal((await verifyAudit(store, undefined)).broken, undefined);
      const { broken } = await verifyAudit(store, head);
      assert.deepEqual([broken?.sequence, broken?.fault], [1_000, 'tailChanged']);
    });

    test('at the next start it stays on record that the chain is not the one whose head was kept', async () => {
      const other = await open();
      try {
        const headFile = path.join(scratch, `head-${stores++}.json`);
        const start = (): Promise<AuditTrail> =>
          AuditTrail.open({
            store: other,
            clock: { now: () => NOW },
            log,
            timeZone: 'Asia/Shanghai',
            headFile,
            waitingFile: `${headFile}.waiting`,
          });
        const first = await start();
        for (let n = 0; n < 5; n++) await first.append(draft(n));
        await first.close();
        const kept = first.head;
        assert.deepEqual(await readHeadFile(headFile), kept);
        const again = await start();
        assert.equal(again.head.sequence, 5, 'a whole chain says nothing');
        await again.close();
        await tamper(other, 'delete from audit_row where sequence >= 4');
        const third = await start();
        const [row] = await listAudit(other, { limit: 1 });
        assert.deepEqual([row?.act, row?.result, row?.sequence], ['audit head', 'failed', 4]);
        assert.match(row?.what ?? '', new RegExp(kept.hash));
        await third.close();
        await writeFile(headFile, '');
        const fourth = await start();
        assert.match((await listAudit(other, { limit: 1 }))[0]?.what ?? '', /"kept":"unreadable"/);
        await fourth.close();
      } finally {
        await other.close();
      }
    });

    test('the store refuses to change, delete or empty it, and retention of what is younger than 180 days', async () => {
      const refused = (error: unknown): boolean => isStoreError(error) && error.sqlState === AUDIT_ONLY_GROWS;
      for (const sql of [
        `update audit_row set by_name = 'nobody' where sequence = 3`,
        'delete from audit_row where sequence = 3',
        'truncate audit_row',
        'select fengsui_audit_retain(3)',
      ])
        await assert.rejects(store.commit([{ kind: 'sql', sql }]), refused, sql);
    });

    test('what is older than it is kept goes, with a row that says so, and the chain goes on from there', async () => {
      const other = await open();
      try {
        let now = NOW - 200 * DAY_MS;
        const trail = await trailOn(other, () => now);
        for (let n = 0; n < 10; n++) await trail.append(draft(n));
        now = NOW - 100 * DAY_MS;
        for (let n = 0; n < 5; n++) await trail.append(draft(n));
        now = NOW;
        const clock = { now: () => now };
        const care = new AuditCare({ store: other, audit: trail, clock, log, timeZone: 'Asia/Shanghai', retentionDays: 180 }); // prettier-ignore
        await care.look();
        const [first] = await other.query('select min(sequence) as sequence from audit_row');
        assert.equal(first?.['sequence'], 11);
        await care.look();
        assert.equal(trail.head.sequence, 16, 'once a day');
        assert.equal(await trail.retain(1), 0, 'not below 180 days');
        const { broken, count } = await verifyAudit(other, trail.head);
        assert.deepEqual([broken, count], [undefined, 6]);
        await tamper(other, 'delete from audit_row where sequence = 11');
        assert.equal((await verifyAudit(other, trail.head)).broken?.fault, 'missing');
      } finally {
        await other.close();
      }
    });

    test('rows that waited on disk are written at the next start, once, with the instant of then', async () => {
      const other = await open();
      try {
        const waitingFile = path.join(scratch, `waiting-${stores++}.jsonl`);
        const headFile = `${waitingFile}.head`;
        const start = (): Promise<AuditTrail> =>
          AuditTrail.open({
            store: other,
            clock: { now: () => NOW },
            log,
            timeZone: 'Asia/Shanghai',
            headFile,
            waitingFile,
          });
        const first = await start();
        await first.append(draft(0));
        await first.close();
        // The first of them was written after all, the last one is half a line of a power cut.
        await addWaiting(waitingFile, { draft: draft(0), at: NOW });
        await addWaiting(waitingFile, { draft: draft(1), at: NOW - 5_000 });
        await writeFile(waitingFile, '{"draft":{"act":', { flag: 'a' });
        for (const time of ['first', 'second']) {
          const again = await start();
          await again.close();
          const rows = await listAudit(other, { limit: 10 });
          assert.deepEqual(rows.map(({ requestId, at }) => [requestId, at]), [['r1', NOW - 5_000], ['r0', NOW]], time); // prettier-ignore
          assert.equal((await verifyAudit(other, again.head)).broken, undefined);
          await assert.rejects(readFile(waitingFile), { code: 'ENOENT' });
        }
      } finally {
        await other.close();
      }
    });

    test('a commit whose answer was lost is neither doubled nor forked, whether it happened or not', async () => {
      const other = await open();
      try {
        let fault: 'before' | 'after' | undefined;
        const doubtful: Store = {
          ...other,
          commit: async (steps) => {
            const lost = new StoreError('unknownOutcome', 'the connection went');
            if (fault === 'before') throw lost;
            const rows = await other.commit(steps);
            if (fault === 'after') throw lost;
            return rows;
          },
          query: (sql, params) => other.query(sql, params),
        };
        const trail = await trailOn(doubtful);
        await trail.append(draft(0));
        for (const kind of ['before', 'after'] as const) {
          fault = kind;
          const first = trail.append(draft(1));
          while (trail.trouble === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
          assert.equal(await trail.append(draft(2)), false, 'nothing is taken in while the store is away');
          const waits = trail.append(draft(3), { mustGoOn: true });
          assert.equal(await waits, false, 'but what saves a life is, and goes on');
          fault = undefined;
          await first;
          await eventuallyWritten(trail);
        }
        const { broken, count } = await verifyAudit(other, trail.head);
        assert.deepEqual([broken, count], [undefined, 5]);
        const rows = await listAudit(other, { limit: 10 });
        assert.deepEqual(
          rows.map(({ requestId }) => requestId),
          ['r3', 'r1', 'r3', 'r1', 'r0'],
        );
        assert.equal(rows[0]?.leftOut, 1, 'what was not taken in is counted');
      } finally {
        await other.close();
      }
    });
  });
}

test('the head is kept beside the keys', async () => {
  const [, open] = engines[0] ?? [];
  const store = await open?.();
  assert.ok(store !== undefined);
  const headFile = path.join(scratch, 'kept-head.json');
  assert.equal(await readHeadFile(headFile), undefined);
  const trail = await AuditTrail.open({
    store,
    clock: { now: () => NOW },
    log,
    timeZone: 'Asia/Shanghai',
    headFile,
    waitingFile: `${headFile}.waiting`,
  });
  await trail.append(draft(1));
  await trail.close();
  assert.deepEqual(await readHeadFile(headFile), trail.head);
  await store.close();
});
