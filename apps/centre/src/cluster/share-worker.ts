import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import process from 'node:process';
import { History } from '../history/history.ts';
import type { Retention } from '../history/retention.ts';
import type { Lane } from '../journal/entry.ts';
import { openWorkerJournal } from '../journal/jetstream/worker-journal.ts';
import type { Journal } from '../journal/journal.ts';
import { atMost } from '../platform/at-most.ts';
import type { Log } from '../platform/log.ts';
import { Registry } from '../registry/registry.ts';
import type { Share } from '../situation/duty.ts';
import type { Effects } from '../situation/effects.ts';
import { loadGbProfiles } from '../situation/gb26875/load-gb-profiles.ts';
import type { SensorFaultRow } from '../situation/fire/sensor-faults.ts';
import { mirrorOf } from '../situation/mirrored-effects.ts';
import { restoreSituation } from '../situation/restore.ts';
import { SharePositions } from '../situation/share-positions.ts';
import { Situation } from '../situation/situation.ts';
import { TimerService } from '../situation/timer-service.ts';
import { Worker } from '../situation/worker.ts';
import { createPostgresStore } from '../store/postgres-store.ts';
import type { Store } from '../store/store.ts';
import { loadWorkRules } from '../workorder/work-rules.ts';
import type { ClusterBus } from './cluster-bus.ts';
import {
  clusterSubjects,
  readWord,
  type HeldShard,
  type LeaderWord,
  type WorkerAnswer,
  type WorkerQuestion,
  type WorkerWord,
} from './cluster-words.ts';
import { DoorLife, type SharedPlaces } from './door-life.ts';
import { fencedStore } from './fenced-store.ts';
import { requireShares } from './lease-schema.ts';
import { openProcessWeb } from './process-web.ts';

export type ShareWorkerOptions = SharedPlaces & {
  readonly web: {
    readonly host: string;
    readonly port: number;
    readonly tls?: { readonly key: string; readonly cert: string };
  };
  readonly version: string;
  readonly timeZone: string;
  readonly retention: Retention;
  readonly gbProfileFolder?: string | undefined;
  readonly workRulesFile?: string | undefined;
  readonly log: Log;
};

const SAY_EVERY_MS = 100;
/** Each of them: who leads next, or has lost a word, knows them within this time. */
const SAY_FAULTS_EVERY_MS = 5_000;
/** Of a message's size; a city in which more fail at once has another trouble. */
const MOST_FAULTS = 5_000;
const FAREWELL_MS = 1_000;
const NOTHING: Share = { leads: false, shards: new Set() };
/** Longer than a take-over. */
const SILENT_MS = 15_000;

/**
 * A worker beside the centre that leads: it applies the shards that the centre deals to it, and says what each commit
 * changed. It has no doors but the one for the machine; what it lost while it was paused, its commits are refused.
 */
export class ShareWorker {
  readonly #options: ShareWorkerOptions;
  readonly #life = new DoorLife();
  readonly #session = `fengsui-worker-${randomBytes(8).toString('hex')}`;
  readonly #situation = new Situation(new Registry());
  /** What commits must hold. */
  #held = new Map<number, number>();
  /** Given back, and perhaps still in a word of the centre that is on its way. */
  readonly #givenBack = new Map<number, number>();
  /** What is applied, as the words say it. */
  #applying: readonly HeldShard[] = [];
  #number = 0;
  #leaderEpoch = 0;
  #heardAt = performance.now();
  #taking: Promise<void> | undefined;
  #journalTrouble: string | undefined;
  #hasFailed = false;
  readonly #failed = Promise.withResolvers<string>();

  constructor(options: ShareWorkerOptions) {
    this.#options = options;
  }

  /** Resolves with the reason when it has lost what it had, or can apply nothing more: it must end, and may begin anew. */
  get failed(): Promise<string> {
    return this.#failed.promise;
  }

  start(): Promise<{ readonly webPort: number }> {
    return this.#life.start(() => this.#open());
  }

  stop(): Promise<void> {
    return this.#life.stop();
  }

  async #open(): Promise<{ readonly webPort: number }> {
    const { log, web, version, natsStream } = this.#options;
    const life = this.#life;
    const situation = this.#situation;
    const { bus } = await life.openShared(this.#options, this.#session);
    const store = await this.#openStore();
    for (const profile of await loadGbProfiles(this.#options.gbProfileFolder))
      situation.gb.profiles.set(profile.id, profile);
    situation.work.rules = loadWorkRules(this.#options.workRulesFile);
    situation.share = NOTHING;
    const { positions } = await restoreSituation(situation, store, life.clock.now(), []);
    const begin = new SharePositions(NOTHING, positions);
    const journal = await this.#openJournal({ alarm: begin.start('alarm'), bulk: begin.start('bulk') });
    const worker = this.#openWorker(store, journal, bus, positions);
    life.keepTime(() => this.#fail('the clock of this machine was set: what waits for its time begins anew'));
    worker.start();
    life.onStop(() => worker.stop());
    this.#listen(bus, worker);
    const saying = setInterval(() => this.#say(bus, worker), SAY_EVERY_MS);
    const { workers } = clusterSubjects(natsStream);
    const sayingFaults = setInterval(() => this.#say(bus, worker, undefined, this.#faults()), SAY_FAULTS_EVERY_MS);
    life.onStop(async () => {
      clearInterval(saying);
      clearInterval(sayingFaults);
      await worker.stop();
      // What it committed has been said before.
      bus.publish(workers, { kind: 'left', session: this.#session } satisfies WorkerWord);
      await atMost(FAREWELL_MS, bus.flush());
    });
    const opened = await openProcessWeb({
      ...web,
      role: 'worker',
      log,
      version,
      troubles: () =>
        [life.busTrouble, this.#journalTrouble, worker.trouble, this.#silence()].filter((found) => found !== undefined),
      figures: () => [
        ['fengsui_worker_shards', 'gauge', 'Shards that this worker applies.', this.#applying.length],
        [
          'fengsui_worker_applied_alarm_total',
          'counter',
          'Entries applied since the start.',
          worker.appliedCount.alarm,
        ],
        ['fengsui_worker_applied_bulk_total', 'counter', 'Entries applied since the start.', worker.appliedCount.bulk],
        ['fengsui_worker_waiting', 'gauge', 'Entries read or to be read.', waitingOf(journal, worker)],
      ],
    });
    life.onStop(() => opened.close());
    return { webPort: opened.port };
  }

  async #openStore(): Promise<Store> {
    const store = await createPostgresStore({ url: this.#options.databaseUrl, applicationName: this.#session });
    this.#life.onStop(() => store.close());
    return fencedStore(
      store,
      () => requireShares(this.#session, this.#held),
      (reason) => this.#fail(reason),
    );
  }

  async #openJournal(startAfter: Readonly<Record<Lane, number>>): Promise<Journal> {
    const { natsUrl: url, natsStream: prefix, log } = this.#options;
    const journal = await openWorkerJournal({
      url,
      prefix,
      startAfter,
      isStopping: () => this.#life.isStopping,
      onHeld: (reason) => {
        this.#journalTrouble = reason;
        if (reason === undefined) log.info('journal can be read again');
        else log.error('journal cannot be read or written', { reason });
      },
    });
    this.#life.onStop(() => journal.close());
    return journal;
  }

  #openWorker(store: Store, journal: Journal, bus: ClusterBus, positions: SharePositionsOf): Worker {
    const { log, timeZone } = this.#options;
    const { clock } = this.#life;
    const situation = this.#situation;
    const timers = new TimerService(journal, clock);
    const history = new History({
      store,
      clock,
      log,
      timeZone,
      retention: this.#options.retention,
      isKeeper: false,
      owns: (partition) => situation.owns(partition),
      applied: (lane, partition) => worker.appliedOf(lane, partition),
    });
    const worker: Worker = new Worker({
      journal,
      store,
      situation,
      timers,
      bus: { publish: () => undefined },
      log,
      applied: { alarm: 0, bulk: 0 },
      onFatal: (reason) => this.#fail(reason),
      onCommitted: (effects) => {
        history.follow(effects);
        this.#say(bus, worker, effects);
      },
      sharing: {
        positions,
        now: () => clock.now(),
        others: () => Infinity,
        safe: (lane) => worker.applied[lane],
        whileReading: (read) => read(),
        onReadAnew: () => history.reshare(),
        onReleased: () => history.reshare(),
      },
    });
    timers.start();
    history.start();
    this.#life.onStop(async () => {
      timers.stop();
      await history.stop();
    });
    return worker;
  }

  #listen(bus: ClusterBus, worker: Worker): void {
    const subjects = clusterSubjects(this.#options.natsStream);
    bus.answer(subjects.worker(this.#session), async (question) => {
      const asked = readWord<WorkerQuestion>(question, ['release']);
      if (asked !== undefined) await this.#release(asked.shards, worker);
      return { isReleased: asked !== undefined } satisfies WorkerAnswer;
    });
    bus.subscribe(subjects.leader, (message) => {
      const word = readWord<LeaderWord>(message, ['beat', 'changes']);
      if (word?.kind !== 'beat' || word.epoch < this.#leaderEpoch) return;
      this.#leaderEpoch = word.epoch;
      this.#heardAt = performance.now();
      const dealt = word.shares?.[this.#session];
      if (dealt !== undefined) this.#onDealt(dealt, worker);
    });
  }

  #onDealt(dealt: readonly HeldShard[], worker: Worker): void {
    if (this.#taking !== undefined || this.#hasFailed) return;
    const mine = new Map(dealt.filter(([shard, epoch]) => this.#givenBack.get(shard) !== epoch));
    const stillMine = new Map(dealt);
    for (const [shard, epoch] of this.#givenBack) if (stillMine.get(shard) !== epoch) this.#givenBack.delete(shard);
    for (const [shard, epoch] of this.#held) {
      if (mine.get(shard) === epoch) continue;
      this.#fail(`shard ${shard} was taken away: the centre has not heard this worker in time`);
      return;
    }
    if (mine.size === this.#held.size) return;
    this.#taking = this.#take(mine, worker)
      .catch((error: unknown) => this.#fail(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        this.#taking = undefined;
      });
  }

  async #take(held: Map<number, number>, worker: Worker): Promise<void> {
    this.#held = held;
    await worker.takeShare({ leads: false, shards: new Set(held.keys()) });
    this.#applying = [...held];
    this.#options.log.info('applies shards', { shards: [...held.keys()].join(' ') });
  }

  async #release(shards: readonly number[], worker: Worker): Promise<void> {
    await this.#taking;
    this.#applying = this.#applying.filter(([shard]) => !shards.includes(shard));
    await worker.releaseShards(new Set(shards));
    for (const shard of shards) {
      const epoch = this.#held.get(shard);
      if (epoch !== undefined) this.#givenBack.set(shard, epoch);
    }
    this.#held = new Map([...this.#held].filter(([shard]) => !shards.includes(shard)));
  }

  /** How far it is; after a commit, what that changed. */
  #say(bus: ClusterBus, worker: Worker, effects?: Effects, sensorFaults?: readonly SensorFaultRow[]): void {
    if (effects !== undefined) this.#number++;
    const word = {
      kind: 'worker',
      session: this.#session,
      holder: `${hostname()} process ${process.pid}`,
      number: this.#number,
      held: this.#applying,
      fenced: [...this.#held],
      givenBack: [...this.#givenBack],
      applied: worker.applied,
      levelled: worker.levelled,
    } as const;
    const { workers } = clusterSubjects(this.#options.natsStream);
    const isSent = bus.publish(workers, {
      ...word,
      ...(effects !== undefined && { effects: mirrorOf(effects) }),
      ...(sensorFaults !== undefined && { sensorFaults }),
    } satisfies WorkerWord);
    if (!isSent) bus.publish(workers, { ...word, effects: null } satisfies WorkerWord);
  }

  #faults(): readonly SensorFaultRow[] {
    const { registry, sensorFaults } = this.#situation;
    const isOwn = (id: string): boolean => {
      const device = registry.device(id);
      return device !== undefined && this.#situation.ownsDevice(device);
    };
    return sensorFaults.rows(isOwn).slice(0, MOST_FAULTS);
  }

  #silence(): string | undefined {
    const silentMs = performance.now() - this.#heardAt;
    return silentMs > SILENT_MS ? `no word of a centre that leads for ${Math.round(silentMs / 1_000)} s` : undefined;
  }

  #fail(reason: string): void {
    if (this.#hasFailed || this.#life.isStopping) return;
    this.#hasFailed = true;
    this.#failed.resolve(reason);
  }
}

type SharePositionsOf = ConstructorParameters<typeof SharePositions>[1];

const waitingOf = (journal: Journal, { applied }: Worker): number =>
  journal.waiting('alarm', applied.alarm) + journal.waiting('bulk', applied.bulk);
