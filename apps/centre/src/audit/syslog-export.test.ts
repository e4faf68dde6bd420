import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { createLog } from '../platform/log.ts';
import { layMigratedStore } from '../store/migrated-store.fixture.ts';
import { createPgliteStore } from '../store/pglite-store.ts';
import type { Store } from '../store/store.ts';
import type { AuditDraft } from './audit-row.ts';
import { AuditTrail } from './audit-trail.ts';
import { createAuthority, type Authority } from './authority.fixture.ts';
import { SyslogExport } from './syslog-export.ts';
import { messageOfRow } from './syslog-message.ts';

const NOW = 1_795_222_800_123;
const log = createLog({ level: 'error', json: false, write: () => undefined });

let scratch: string;
let store: Store;
let audit: AuditTrail;
before(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'fengsui-syslog-'));
  await layMigratedStore(path.join(scratch, 'store'));
  store = await createPgliteStore({ folder: path.join(scratch, 'store') });
  audit = await AuditTrail.open({
    store,
    clock: { now: () => NOW },
    log,
    timeZone: 'Asia/Shanghai',
    headFile: path.join(scratch, 'head.json'),
    waitingFile: path.join(scratch, 'waiting.jsonl'),
  });
});
after(async () => {
  await audit.close();
  await store.close();
  await rm(scratch, { recursive: true, force: true });
});

const draft = (n: number): AuditDraft => ({ by: `w${n}`, via: 'session', act: 'POST /x', result: 'done' });

/** What a collector has got: messages by octet counting, and an end of its own when the sender has ended. */
class HeldCollector {
  readonly messages: string[] = [];
  readonly server: Server;
  isBroken = false;

  constructor(server: (onSocket: (socket: Socket) => void) => Server) {
    this.server = server((socket) => {
      const pieces: Buffer[] = [];
      socket.on('error', () => undefined);
      socket.on('data', (piece: Buffer) => {
        pieces.push(piece);
        // As one that dies in the middle: what it has read is lost.
        if (this.isBroken) socket.resetAndDestroy();
      });
      socket.on('end', () => {
        if (!this.isBroken) this.messages.push(...unframed(Buffer.concat(pieces).toString('ascii')));
      });
    });
  }

  listen(port = 0): Promise<number> {
    return new Promise((resolve) =>
      this.server.listen(port, '127.0.0.1', () => resolve((this.server.address() as AddressInfo).port)),
    );
  }

  close(): Promise<void> {
    return new Promise((resolve) => void this.server.close(() => resolve()));
  }
}

function unframed(text: string): string[] {
  const found: string[] = [];
  for (let rest = text; rest !== '';) {
    const [, count = '', behind = ''] = /^(\d+) (.*)$/s.exec(rest) ?? [];
    assert.notEqual(count, '', `no count: ${rest.slice(0, 40)}`);
    found.push(behind.slice(0, Number(count)));
    rest = behind.slice(Number(count));
  }
  return found;
}

const saidBy = (message: string): { sequence: number; hash: string } =>
  JSON.parse(message.slice(message.indexOf('{'))) as { sequence: number; hash: string };
const sequencesOf = (messages: readonly string[]): number[] =>
  messages.filter((message) => message.includes(' audit - ')).map((message) => saidBy(message).sequence);

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    assert.ok(Date.now() < deadline, what);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const exportTo = (url: string, ca?: string): SyslogExport =>
  new SyslogExport({ store, audit, collector: { url: new URL(url), ca }, clock: { now: () => NOW }, log, timeZone: 'Asia/Shanghai' }); // prettier-ignore

test('a row is one message of RFC 5424 in ASCII, whatever a stranger typed', () => {
  const row = { sequence: 7, at: NOW, zoneOffset: '+08:00', hash: 'ab', ...draft(1), by: '王\n<1>1 forged', result: 'refused' } as const; // prettier-ignore
  assert.equal(
    messageOfRow(row, 'centre 1'),
    '<108>1 2026-11-21T09:00:00.123+08:00 centre1 fengsui - audit - ' +
      '{"sequence":7,"hash":"ab","by":"\\u738b\\n<1>1 forged","via":"session","act":"POST /x","result":"refused","at":"2026-11-21T09:00:00.123+08:00"}',
  );
});

test('over TCP every row comes, in order; a collector that dies or is away gets the rest when it is back', async () => {
  const collector = new HeldCollector((onSocket) => createTcpServer(onSocket));
  const port = await collector.listen();
  for (let n = 1; n <= 3; n++) await audit.append(draft(n));
  const running = exportTo(`tcp://127.0.0.1:${port}`);
  running.start();
  await until('the first rows', () => sequencesOf(collector.messages).length === 3);
  await until('the mark', () => running.behind === 0);
  const head = collector.messages.find((message) => message.includes(' auditHead - '));
  assert.deepEqual(saidBy(head ?? ''), { sequence: 3, hash: audit.head.hash });
  collector.isBroken = true;
  await audit.append(draft(4));
  await until('rows to wait', () => running.behind === 1);
  await collector.close();
  for (let n = 5; n <= 6; n++) await audit.append(draft(n));
  await running.stop();
  assert.equal(running.behind, 3);
  collector.isBroken = false;
  const again = new HeldCollector((onSocket) => createTcpServer(onSocket));
  await again.listen(port);
  const next = exportTo(`tcp://127.0.0.1:${port}`);
  next.start();
  await until('the rest', () => sequencesOf(again.messages).length >= 3);
  assert.deepEqual(sequencesOf([...collector.messages, ...again.messages]), [1, 2, 3, 4, 5, 6]);
  await next.stop();
  await again.close();
});

test('over TLS it comes to whom the authority vouches for, and to nobody else', async () => {
  const authority: Authority = await createAuthority(path.join(scratch, 'tls'));
  const { key, cert } = await authority.issue('127.0.0.1', 'serverAuth');
  const collector = new HeldCollector((onSocket) => createTlsServer({ key, cert }, onSocket));
  const port = await collector.listen();
  await audit.append(draft(7));
  const stranger = exportTo(`tls://127.0.0.1:${port}`);
  stranger.start();
  await until('a refusal', () => stranger.behind === 1);
  await stranger.stop();
  assert.deepEqual(collector.messages, []);
  const known = exportTo(`tls://127.0.0.1:${port}`, authority.certificate);
  known.start();
  await until('the row', () => sequencesOf(collector.messages).includes(7));
  await known.stop();
  await collector.close();
});

test('over UDP each row is a datagram', async () => {
  const socket = createSocket('udp4');
  const got: string[] = [];
  socket.on('message', (message) => got.push(message.toString('ascii')));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const running = exportTo(`udp://127.0.0.1:${socket.address().port}`);
  await audit.append(draft(8));
  running.start();
  await until('the datagram', () => sequencesOf(got).includes(8));
  await running.stop();
  socket.close();
});
