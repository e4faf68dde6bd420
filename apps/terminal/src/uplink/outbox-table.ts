import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import type { OutboxEntry } from './outbox.ts';

const kinds = ['event', 'telemetry', 'capture'] as const;
type Kind = (typeof kinds)[number];

/** Rows of one kind between two orders, both exclusive of `after` and inclusive of `upTo`. */
export type PacketRange = { readonly kind: Kind; readonly after: number; readonly upTo: number };

export type PacketTotals = { readonly packets: number; readonly bytes: number; readonly lastOrder: number };

const APPLICATION_ID = 0x4653_4f42; // FSOB
const SCHEMA = `
  create table if not exists packet (n integer primary key, kind integer not null, topic text not null, payload blob not null) strict;
  create index if not exists packet_kind on packet (kind, n);
  create table if not exists numbering (epoch text primary key, reserved integer not null) strict;
`;

/**
 * The packets a terminal owes, in one SQLite file. A write costs system calls and no fsync, for a confirmed arc must not
 * wait behind a slow card: what is written survives a kill at once, and a power cut once `createOutboxFlusher` has
 * brought it to the disk. The write-ahead log holds checksums, so that what a power cut tears is cut off, not misread.
 *
 * @throws Error when the file is no outbox or is damaged.
 */
export class OutboxTable {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #remove: StatementSync;
  readonly #page: StatementSync;

  constructor(file: string) {
    this.#db = new DatabaseSync(file);
    const db = this.#db;
    try {
      const id = db.prepare('pragma application_id').get()?.['application_id'];
      const hasTables = db.prepare('select count(*) as n from sqlite_schema').get()?.['n'] !== 0;
      if (hasTables && id !== APPLICATION_ID) throw new Error(`${file} is an SQLite file of something else`);
      db.exec(`pragma application_id = ${APPLICATION_ID}`);
      db.exec(
        'pragma journal_mode = wal; pragma synchronous = off; pragma wal_autocheckpoint = 0; pragma cache_size = -1024',
      );
      db.exec(SCHEMA);
      this.#insert = db.prepare('insert into packet (n, kind, topic, payload) values (?, ?, ?, ?)');
      this.#remove = db.prepare('delete from packet where n = ?');
      this.#page = db.prepare(
        'select n, topic, payload from packet where kind = ? and n > ? and n <= ? order by n limit ?',
      );
    } catch (error) {
      db.close();
      throw error;
    }
  }

  totals(): PacketTotals {
    const row = this.#db
      .prepare(
        'select count(*) as packets, coalesce(sum(length(payload)), 0) as bytes, coalesce(max(n), 0) as last from packet',
      )
      .get();
    return { packets: integer(row?.['packets']), bytes: integer(row?.['bytes']), lastOrder: integer(row?.['last']) };
  }

  /** All or none. */
  insert(entries: readonly OutboxEntry[]): void {
    this.#atOnce(entries.length, () => {
      for (const { order, kind, topic, payload } of entries) {
        this.#insert.run(order, kinds.indexOf(kind), topic, payload);
      }
    });
  }

  remove(orders: readonly number[]): void {
    this.#atOnce(orders.length, () => {
      for (const order of orders) this.#remove.run(order);
    });
  }

  page({ kind, after, upTo }: PacketRange, limit: number): OutboxEntry[] {
    return this.#page.all(kinds.indexOf(kind), after, upTo, limit).map(({ n, topic, payload }) => {
      if (typeof topic !== 'string' || !(payload instanceof Uint8Array))
        throw new Error('a packet of the outbox is damaged');
      return { kind, order: integer(n), topic, payload };
    });
  }

  /** Takes every second one of the oldest `among` telemetry packets away, those in flight excepted. */
  thinTelemetry(among: number, inFlight: readonly number[]): { readonly packets: number; readonly bytes: number } {
    const oldest =
      'select n, length(payload) as bytes, row_number() over (order by n) as place from packet ' +
      'where kind = 1 and n not in (select value from json_each(?)) order by n limit ?';
    const rows = this.#db
      .prepare(`select n, bytes from (${oldest}) where place % 2 = 1`)
      .all(JSON.stringify(inFlight), among);
    this.remove(rows.map(({ n }) => integer(n)));
    return { packets: rows.length, bytes: rows.reduce((sum, { bytes }) => sum + integer(bytes), 0) };
  }

  /** The epoch this file counts in, and the first number that was never given away. */
  numbering(newEpoch: () => string): { readonly epoch: string; readonly reserved: number } {
    const row = this.#db.prepare('select epoch, reserved from numbering').get();
    if (typeof row?.['epoch'] === 'string') return { epoch: row['epoch'], reserved: integer(row['reserved']) };
    const epoch = newEpoch();
    this.#db.prepare('insert into numbering (epoch, reserved) values (?, 0)').run(epoch);
    return { epoch, reserved: 0 };
  }

  reserve(epoch: string, upTo: number): void {
    this.#db.prepare('update numbering set reserved = ? where epoch = ?').run(upTo, epoch);
  }

  /** Brings everything to the disk and waits for it: at the start, when nothing is measured yet. */
  flush(): void {
    this.#db.exec('pragma synchronous = full; pragma wal_checkpoint(truncate); pragma synchronous = off');
  }

  close(): void {
    this.#db.close();
  }

  #atOnce(count: number, write: () => void): void {
    if (count === 0) return;
    if (count === 1) return write();
    this.#db.exec('begin');
    try {
      write();
      this.#db.exec('commit');
    } catch (error) {
      this.#db.exec('rollback');
      throw error;
    }
  }
}

function integer(value: SQLOutputValue | undefined): number {
  if (typeof value !== 'number') throw new Error(`the outbox holds ${typeof value} where a number is expected`);
  return value;
}
