import { randomBytes } from 'node:crypto';
import type { Log } from '../platform/log.ts';
import { createPostgresStore } from '../store/postgres-store.ts';
import type { Row, Store } from '../store/store.ts';
import { makeLeaseTables } from './lease-schema.ts';

export type LeaderLeaseOptions = {
  readonly databaseUrl: string;
  /** For people: host and process. */
  readonly holder: string;
  /** Key id of what this centre signs commands with: devices obey one key alone. */
  readonly commandKey: string;
  readonly log: Log;
  /** Another centre has taken over: this one must end. */
  readonly onLost: (reason: string) => void;
  readonly leaseMs?: number;
  readonly renewMs?: number;
};

export type LeadOptions = {
  /** Called once when another centre leads; without it `lead` throws then. What it gives back is called before leading. */
  readonly onStandBy?: ((leader: string) => Promise<() => Promise<void>>) | undefined;
};

/** What is read of the lease in one look. */
type Look = {
  readonly epoch: number;
  readonly beat: number;
  readonly released: boolean;
  readonly holder: string;
  readonly session: string;
  readonly commandKey: string;
  /** Is a connection of that centre open at the server? undefined: this server does not say. */
  readonly isConnected: boolean | undefined;
};

/** No renewal was seen for so long: the leader is gone, paused or cut off. */
const LEASE_MS = 5_000;
const RENEW_MS = 1_000;
const LOOK_MS = 250;
/** All its connections are gone, as after a kill: sooner than the lease runs out. A reconnect takes less. */
const VANISHED_MS = 1_500;
const QUERY_TIMEOUT_MS = 3_000;

const LOOK = `select e.epoch, b.beat, b.released, e.holder, e.session, e.command_key,
    exists (select 1 from pg_stat_activity where application_name = e.session) as is_connected,
    exists (select 1 from pg_stat_activity where application_name = $1) as sees_itself
  from centre_epoch e, centre_beat b where e.id = 1 and b.id = 1`;

const TAKE = `with won as (
    update centre_epoch set epoch = epoch + 1, holder = $3, session = $4, command_key = $5, taken_at = now()
    where id = 1 and epoch = $1 and exists (select 1 from centre_beat where id = 1 and beat = $2) returning epoch)
  update centre_beat set epoch = won.epoch, beat = beat + 1, released = false from won where id = 1 returning won.epoch`;

/**
 * Which of several centres on one PostgreSQL leads. The row has an epoch that rises with every change of the leader;
 * `fencedStore` checks it in each transaction. Nobody's clock counts: who waits measures with his own how long the
 * beat has stood still.
 */
export class LeaderLease {
  readonly #options: LeaderLeaseOptions;
  readonly #store: Store;
  /** Names this process's connections at the server, so that a successor can end them. */
  readonly session: string;
  #epoch: number | undefined;
  #renewing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #renewedAt = 0;
  #isLost = false;
  #isBlind = false;
  #isClosed = false;

  private constructor(options: LeaderLeaseOptions, store: Store, session: string) {
    this.#options = options;
    this.#store = store;
    this.session = session;
  }

  static async open(options: LeaderLeaseOptions): Promise<LeaderLease> {
    const session = `fengsui ${randomBytes(8).toString('hex')}`;
    const store = await createPostgresStore({
      url: options.databaseUrl,
      applicationName: session,
      queryTimeoutMs: QUERY_TIMEOUT_MS,
      queryConnections: 1,
    });
    try {
      await makeLeaseTables(store);
    } catch (error) {
      await store.close();
      throw error;
    }
    return new LeaderLease(options, store, session);
  }

  /** Throws before `lead` has resolved. */
  get epoch(): number {
    if (this.#epoch === undefined) throw new Error('this centre does not lead');
    return this.#epoch;
  }

  /** Why nobody can be sure that this centre still leads; undefined when all is well. */
  get trouble(): string | undefined {
    if (this.#isLost) return 'another centre has taken over';
    const ageMs = performance.now() - this.#renewedAt;
    const { leaseMs = LEASE_MS } = this.#options;
    if (this.#epoch === undefined || ageMs < leaseMs) return undefined;
    return `the lease of the leader was not renewed for ${Math.round(ageMs / 1_000)} s`;
  }

  /** How long it holds if it is not renewed any more; 0 when it is over, or this centre does not lead. */
  get remainingMs(): number {
    const { leaseMs = LEASE_MS } = this.#options;
    if (this.#epoch === undefined || this.#isLost) return 0;
    return Math.max(0, leaseMs - (performance.now() - this.#renewedAt));
  }

  /**
   * Resolves once this centre leads.
   *
   * @throws Error when another one leads and nobody stands by, or when it signs commands with another key.
   */
  async lead({ onStandBy }: LeadOptions): Promise<void> {
    const { log, commandKey, leaseMs = LEASE_MS } = this.#options;
    const watched = new LeaderWatch(leaseMs);
    let endStandBy: (() => Promise<void>) | undefined;
    try {
      for (;;) {
        const look = await this.#look();
        const state = look === undefined ? watched.lostSight() : watched.saw(look);
        if (look !== undefined && state === 'gone' && (await this.#take(look))) break;
        if (look !== undefined && state === 'alive' && endStandBy === undefined) {
          const leader = `${look.holder} (epoch ${look.epoch})`;
          if (onStandBy === undefined)
            throw new Error(`another centre leads on this database: ${leader}; stop it first, or ask it instead`);
          if (look.commandKey !== commandKey)
            throw new Error(
              `this centre signs commands with another key than the leader ${leader}: copy its keys/command.pem, devices obey that one alone`,
            );
          log.info('standing by', { leader });
          endStandBy = await onStandBy(leader);
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        if (this.#isClosed) throw new Error('lease is closed');
      }
    } finally {
      await endStandBy?.();
    }
    log.info('leading', { epoch: this.epoch });
    this.#renewLater();
  }

  /** Asks the server; false means that another centre leads, and was told to `onLost`. Throws while it cannot be asked. */
  async stillLeads(): Promise<boolean> {
    const rows = await this.#store.query('select epoch from centre_epoch where id = 1');
    if (rows[0]?.['epoch'] === this.epoch) return true;
    this.lost(`epoch ${this.epoch} is over: another centre leads`);
    return false;
  }

  lost(reason: string): void {
    if (this.#isLost || this.#isClosed) return;
    this.#isLost = true;
    clearTimeout(this.#timer);
    this.#options.log.error('this centre does not lead any more', { reason });
    this.#options.onLost(reason);
  }

  /** Hands over at once when it still leads. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#renewing;
    if (this.#epoch !== undefined && !this.#isLost) {
      const release = 'update centre_beat set released = true where id = 1 and epoch = $1';
      // Who waits finds out by himself.
      await this.#store.query(release, [this.#epoch]).catch(() => undefined);
    }
    await this.#store.close();
  }

  async #look(): Promise<Look | undefined> {
    let row: Row | undefined;
    try {
      [row] = await this.#store.query(LOOK, [this.session]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.#isBlind) this.#options.log.warn('who leads cannot be seen: the database is away', { reason });
      this.#isBlind = true;
    }
    if (row === undefined) return undefined;
    if (this.#isBlind) this.#options.log.info('the database is back');
    this.#isBlind = false;
    return {
      epoch: row['epoch'] as number,
      beat: row['beat'] as number,
      released: row['released'] as boolean,
      holder: row['holder'] as string,
      session: row['session'] as string,
      commandKey: row['command_key'] as string,
      // Through a pooler, or without the right to see them, sessions have no names: then their absence says nothing.
      isConnected: row['sees_itself'] === true ? (row['is_connected'] as boolean) : undefined,
    };
  }

  async #take(look: Look): Promise<boolean> {
    const { holder, commandKey, log } = this.#options;
    if (look.commandKey !== '' && look.commandKey !== commandKey)
      log.warn('commands are signed with another key than before: devices obey the one they were given', {
        before: look.commandKey,
        now: commandKey,
      });
    try {
      // A transaction that the paused leader left open holds the epoch; it would wait for it for ever.
      const end = 'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1';
      if (look.session !== '') await this.#store.query(end, [look.session]);
      const [row] = await this.#store.query(TAKE, [look.epoch, look.beat, holder, this.session, commandKey]);
      if (row === undefined) return false;
      this.#epoch = row['epoch'] as number;
      this.#renewedAt = performance.now();
      return true;
    } catch (error) {
      log.warn('lease not taken', { reason: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }

  #renewLater(): void {
    if (this.#isClosed || this.#isLost) return;
    this.#timer = setTimeout(() => {
      this.#renewing = this.#renew().finally(() => this.#renewLater());
    }, this.#options.renewMs ?? RENEW_MS);
  }

  async #renew(): Promise<void> {
    try {
      const sql = 'update centre_beat set beat = beat + 1 where id = 1 and epoch = $1 returning beat';
      if ((await this.#store.query(sql, [this.epoch])).length === 0)
        return this.lost(`epoch ${this.epoch} is over: another centre leads`);
      this.#renewedAt = performance.now();
    } catch (error) {
      // Nobody can take over without the database either; the next one tells.
      this.#options.log.debug('lease not renewed', { reason: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** Judges by the looks of one who waits whether the leader is there. */
export class LeaderWatch {
  readonly #leaseMs: number;
  #seen: { readonly epoch: number; readonly beat: number } | undefined;
  #stillSince = 0;
  #vanishedSince: number | undefined;

  constructor(leaseMs: number) {
    this.#leaseMs = leaseMs;
  }

  /** `unsure`: too early to tell. */
  saw(
    look: Pick<Look, 'epoch' | 'beat' | 'released' | 'isConnected'>,
    now = performance.now(),
  ): 'alive' | 'gone' | 'unsure' {
    if (look.released) return 'gone';
    const isFirst = this.#seen === undefined;
    const hasMoved = !isFirst && (this.#seen?.epoch !== look.epoch || this.#seen.beat !== look.beat);
    if (isFirst || hasMoved) {
      this.#seen = look;
      this.#stillSince = now;
    }
    if (look.isConnected !== false) this.#vanishedSince = undefined;
    else this.#vanishedSince ??= now;
    if (now - this.#stillSince >= this.#leaseMs) return 'gone';
    if (this.#vanishedSince !== undefined && now - this.#vanishedSince >= VANISHED_MS) return 'gone';
    return hasMoved ? 'alive' : 'unsure';
  }

  /** While the database was away the leader could not renew: what was measured before counts for nothing. */
  lostSight(): 'unsure' {
    this.#seen = undefined;
    this.#vanishedSince = undefined;
    return 'unsure';
  }
}
