import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { createLog } from '../platform/log.ts';
import { layMigratedStore } from '../store/migrated-store.fixture.ts';
import { createPgliteStore } from '../store/pglite-store.ts';
import { askTimeStamp } from './ask-time-stamp.ts';
import { AuditCare } from './audit-care.ts';
import { AuditInspection } from './audit-inspection.ts';
import { AuditTrail } from './audit-trail.ts';
import { createAuthority, startStampServer, type Authority, type StampServer } from './authority.fixture.ts';
import { lastStamp } from './stamp-rows.ts';
import { TimeStampError, verifyTimeStamp } from './time-stamp.ts';

const SHA_256 = hash('sha256', 'a head', 'hex');
const log = createLog({ level: 'error', json: false, write: () => undefined });

let scratch: string;
let authority: Authority;
let server: StampServer;
before(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'fengsui-stamp-'));
  authority = await createAuthority(path.join(scratch, 'authority'));
  server = await startStampServer(path.join(scratch, 'tsa'), await authority.issue('clock', 'timeStamping'));
});
after(async () => {
  await server.close();
  await rm(scratch, { recursive: true, force: true });
});

const ask = (certificates = authority.certificate) => askTimeStamp({ url: server.url, certificates }, SHA_256, 10_000);

test('a stamp of openssl is taken and verified: when, and by whom', async () => {
  const before = Date.now();
  const { at, authority: by, token } = await ask();
  // Its clock counts whole seconds.
  assert.ok(at >= before - 1_000 && at <= Date.now(), new Date(at).toISOString());
  assert.equal(by, 'CN=clock');
  assert.deepEqual(verifyTimeStamp(token, SHA_256, authority.certificate), { at, authority: by });
});

test('of something else, changed in any byte, or of another authority it is refused', async () => {
  const { token } = await ask();
  const refused = (words: RegExp) => (error: unknown) => error instanceof TimeStampError && words.test(error.message);
  const other = hash('sha256', 'another', 'hex');
  assert.throws(() => verifyTimeStamp(token, other, authority.certificate), refused(/something else/));
  const stranger = await createAuthority(path.join(scratch, 'stranger'));
  assert.throws(() => verifyTimeStamp(token, SHA_256, stranger.certificate), refused(/not the authority/));
  await assert.rejects(ask(stranger.certificate), refused(/not the authority/));
  let harmless = 0;
  for (let index = 0; index < token.length; index++) {
    const changed = Buffer.from(token);
    changed[index] = (changed[index] ?? 0) ^ 0x01;
    try {
      const found = verifyTimeStamp(changed, SHA_256, authority.certificate);
      // What is not covered (version numbers, names of what is sent along) changes nothing that is said.
      assert.deepEqual(found, verifyTimeStamp(token, SHA_256, authority.certificate));
      harmless++;
    } catch (error) {
      assert.ok(error instanceof TimeStampError, `byte ${index}: ${String(error)}`);
    }
  }
  assert.ok(harmless < token.length / 4, `${harmless} of ${token.length} bytes`);
});

test('a certificate for servers stamps nothing', async () => {
  const { key, cert } = await authority.issue('127.0.0.1', 'serverAuth');
  // openssl itself would not sign with it.
  const wrong = await startStampServer(path.join(scratch, 'wrong'), { key, cert });
  await assert.rejects(
    askTimeStamp({ url: wrong.url, certificates: authority.certificate }, SHA_256, 10_000),
    TimeStampError,
  );
  await wrong.close();
});

test('the head is stamped once a day and at stop, and a stamp of other rows is found', async () => {
  const folder = path.join(scratch, 'store');
  await layMigratedStore(folder);
  const store = await createPgliteStore({ folder });
  let now = Date.now();
  const clock = { now: () => now };
  const audit = await AuditTrail.open({
    store,
    clock,
    log,
    timeZone: 'Asia/Shanghai',
    headFile: path.join(scratch, 'head.json'),
    waitingFile: path.join(scratch, 'waiting.jsonl'),
  });
  const act = (): Promise<boolean> => audit.append({ by: 'wang', via: 'session', act: 'POST /x', result: 'done' });
  const stampedAuthority = { url: server.url, certificates: authority.certificate };
  const care = new AuditCare({ store, audit, clock, log, timeZone: 'Asia/Shanghai', retentionDays: 400, authority: stampedAuthority }); // prettier-ignore
  const inspection = new AuditInspection({ store, audit, stampCertificates: authority.certificate });
  try {
    await act();
    const { hash: stampedHash } = audit.head;
    await care.look();
    assert.equal((await lastStamp(store))?.stamped.hash, stampedHash);
    await act();
    await care.look();
    assert.equal((await lastStamp(store))?.stamped.sequence, 1, 'not twice a day');
    now += 86_400_000;
    await care.look();
    assert.equal((await lastStamp(store))?.stamped.sequence, 3);
    await act();
    await care.stop();
    assert.equal((await lastStamp(store))?.stamped.sequence, 5, 'at stop');
    await care.stop();
    assert.equal(audit.head.sequence, 6, 'nothing new: no stamp');
    const { isWhole, stamps } = await inspection.run('auditor');
    assert.deepEqual([isWhole, stamps.count, stamps.wrong, stamps.last?.sequence], [true, 3, [], 5]);
    assert.deepEqual([(await inspection.last())?.isWhole, (await inspection.last())?.count], [true, 6]);
    // A chain written anew, with the old stamps put into it.
    const { token } = (await lastStamp(store)) ?? {};
    const what = JSON.stringify({ sequence: 2, hash: SHA_256, token: token?.toString('base64') });
    await audit.append({ by: 'centre', via: 'centre', act: 'audit stamp', what, result: 'done' });
    const found = await inspection.run('auditor');
    assert.deepEqual([found.isWhole, found.broken], [false, undefined]);
    assert.deepEqual(found.stamps.wrong, [{ sequence: 8, fault: 'it stamps something else' }]);
  } finally {
    await audit.close();
    await store.close();
  }
});

test('an authority that is away leaves the chain self-attested, and is said after four days', async () => {
  const folder = path.join(scratch, 'away');
  await layMigratedStore(folder);
  const store = await createPgliteStore({ folder });
  const clock = { now: () => Date.now() };
  const files = { headFile: path.join(scratch, 'h2.json'), waitingFile: path.join(scratch, 'w2.jsonl') };
  const audit = await AuditTrail.open({ store, clock, log, timeZone: 'Asia/Shanghai', ...files });
  await audit.append({ by: 'wang', via: 'session', act: 'POST /x', result: 'done' });
  const away = { url: 'http://127.0.0.1:1/', certificates: authority.certificate };
  const care = new AuditCare({ store, audit, clock, log, timeZone: 'Asia/Shanghai', retentionDays: 400, authority: away }); // prettier-ignore
  await care.look();
  assert.match(care.trouble ?? '', /not stamped: fetch failed/);
  const inspection = new AuditInspection({ store, audit, stampCertificates: undefined });
  assert.equal((await inspection.run('auditor')).stamps.count, 0);
  await audit.close();
  await store.close();
});
