import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';

/** Tables of the peers, as an integrator makes them: wide rows, one index, alarms once per condition. */
export const PEER_SCHEMA = `
  create table if not exists reading (
    device_id text not null, epoch text not null, seq int8 not null, at int8 not null, received_at int8 not null,
    "values" float8[] not null);
  create index if not exists reading_device_at on reading (device_id, at);
  create table if not exists event (
    device_id text not null, epoch text not null, seq int8 not null, at int8 not null, point text not null,
    kind text not null, active boolean not null);
  create table if not exists alarm (
    device_id text not null, point text not null, kind text not null, raised_at int8 not null,
    primary key (device_id, point, kind));`;

/** One round trip and one commit: the event, and the alarm if it is a new one; a row comes back for a new alarm. */
export const EVENT_SQL = `
  with told as (insert into event values ($1, $2, $3, $4, $5, $6, $7) returning device_id, point, kind, at, active)
  insert into alarm select device_id, point, kind, at from told where active on conflict do nothing returning 1`;

/** What a terminal sends (docs/reference/wire.md); the peers take the same bytes. */
export type PeerReport = {
  readonly epoch: string;
  readonly seq: number;
  readonly at: number;
  readonly values?: Readonly<Record<string, number>>;
  readonly kind?: string;
  readonly point?: string;
  readonly active?: boolean;
};

export type PeerAlarm = { readonly deviceId: string; readonly pointId: string; readonly kind: string };

type Waiting = { readonly deviceId: string; readonly report: PeerReport; readonly done: () => void };

const BATCH_ROWS = 1_000;
const BATCH_MS = 100;

/**
 * Readings go to PostgreSQL by COPY, 1,000 at once or what came in 100 ms; events by themselves. `done` is called after
 * the commit (synchronous_commit on).
 */
export class PeerStore {
  readonly #readings: pg.Client;
  readonly #events: pg.Client;
  readonly #onAlarm: (alarm: PeerAlarm) => void;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isWriting = false;
  #lastEvent: Promise<unknown> = Promise.resolve();

  private constructor(readings: pg.Client, events: pg.Client, onAlarm: (alarm: PeerAlarm) => void) {
    this.#readings = readings;
    this.#events = events;
    this.#onAlarm = onAlarm;
  }

  static async open(url: string, onAlarm: (alarm: PeerAlarm) => void): Promise<PeerStore> {
    const [readings, events] = [new pg.Client(url), new pg.Client(url)];
    await Promise.all([readings.connect(), events.connect()]);
    await readings.query(PEER_SCHEMA);
    return new PeerStore(readings, events, onAlarm);
  }

  reading(deviceId: string, report: PeerReport, done: () => void): void {
    this.#waiting.push({ deviceId, report, done });
    if (this.#waiting.length >= BATCH_ROWS) void this.#write();
    else this.#timer ??= setTimeout(() => void this.#write(), BATCH_MS);
  }

  event(
    deviceId: string,
    { epoch, seq, at, point = '', kind = '', active = false }: PeerReport,
    done: () => void,
  ): void {
    this.#lastEvent = this.#lastEvent.then(async () => {
      const values = [deviceId, epoch, seq, at, point, kind, active];
      const { rowCount } = await this.#events.query({ name: 'event', text: EVENT_SQL, values });
      if (rowCount === 1) this.#onAlarm({ deviceId, pointId: point, kind });
      done();
    });
  }

  async #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isWriting || this.#waiting.length === 0) return;
    this.#isWriting = true;
    const batch = this.#waiting.splice(0, BATCH_ROWS);
    const receivedAt = Date.now();
    const rows = batch.map(
      ({ deviceId, report: { epoch, seq, at, values = {} } }) =>
        `${deviceId}\t${epoch}\t${seq}\t${at}\t${receivedAt}\t{${Object.values(values).join(',')}}\n`,
    );
    await pipeline(Readable.from([rows.join('')]), this.#readings.query(copyFrom('copy reading from stdin')));
    for (const { done } of batch) done();
    this.#isWriting = false;
    if (this.#waiting.length >= BATCH_ROWS) void this.#write();
    else if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => void this.#write(), BATCH_MS);
  }
}
