import { hostname } from 'node:os';
import process from 'node:process';
import { linkKeyOf } from './call-out/call-link.ts';
import { AuditInspection } from './audit/audit-inspection.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import { headFileIn } from './audit/head-file.ts';
import { waitingFileIn } from './audit/waiting-file.ts';
import { screenTimes } from './commissioning/screen-times.ts';
import type { ClusterBus } from './cluster/cluster-bus.ts';
import { fencedStore } from './cluster/fenced-store.ts';
import { leaderChangeEntry } from './cluster/leader-change.ts';
import { LeaderLease } from './cluster/leader-lease.ts';
import { requireEpoch } from './cluster/lease-schema.ts';
import { reclaimShards } from './cluster/reclaim-shards.ts';
import { ShareDesk } from './cluster/share-desk.ts';
import { ShareLeases } from './cluster/share-leases.ts';
import { ToldIsolations } from './isolation/told-isolations.ts';
import { lanes, type Lane } from './journal/entry.ts';
import type { Journal } from './journal/journal.ts';
import { refuseUnappliedSegments } from './journal/refuse-unapplied-segments.ts';
import { openSegmentJournal } from './journal/segment-journal.ts';
import type { Clock } from './platform/clock.ts';
import type { DiskWatch } from './platform/disk-watch.ts';
import { SteadyClock } from './platform/steady-clock.ts';
import type { Log } from './platform/log.ts';
import type { AccessSettings } from './access/access-settings.ts';
import { Accounts } from './access/accounts.ts';
import { noOpenId, type OpenIdSettings } from './access/open-id-settings.ts';
import { OpenId } from './access/open-id.ts';
import { openSealKey } from './access/seal.ts';
import { Registry } from './registry/registry.ts';
import type { RegistryChange } from './registry/registry-change.ts';
import { registryEntry } from './registry/registry-entry.ts';
import { RegistryDesk } from './registry/registry-desk.ts';
import { openCommandKey, type CommandSigner } from './response/command-key.ts';
import { ClockWatch, lastRecordedAt } from './situation/clock-watch.ts';
import { ownsTimer, type Share } from './situation/duty.ts';
import type { Effects } from './situation/effects.ts';
import { EnergyToday } from './situation/energy-today.ts';
import { loadGbProfiles } from './situation/gb26875/load-gb-profiles.ts';
import { AlarmGrouping } from './situation/alarm-grouping.ts';
import { LiveBus } from './situation/live-bus.ts';
import { restoreSituation } from './situation/restore.ts';
import { Situation } from './situation/situation.ts';
import { TimerService } from './situation/timer-service.ts';
import { Worker } from './situation/worker.ts';
import { checkStoreNotLost } from './store/check-store-not-lost.ts';
import { migrate } from './store/migrate.ts';
import { migrations } from './store/migrations/index.ts';
import { createPgliteStore } from './store/pglite-store.ts';
import { createPostgresStore } from './store/postgres-store.ts';
import type { Store } from './store/store.ts';
import { loadWorkRules } from './workorder/work-rules.ts';

export type CoreOptions = {
  readonly journalFolder: string;
  readonly storeFolder: string;
  /** Where the centre's own keys lie. */
  readonly keysFolder: string;
  /** Folder of GB/T 26875.3 device profiles. */
  readonly gbProfileFolder?: string | undefined;
  /** File of rules for work orders. */
  readonly workRulesFile?: string | undefined;
  /** PostgreSQL instead of the embedded store. */
  readonly databaseUrl: string | undefined;
  /** NATS JetStream instead of segment files; needs `databaseUrl`. */
  readonly natsUrl?: string | undefined;
  /** Names its streams. */
  readonly natsStream?: string;
  /** Over which workers of their own may come and take a share; opened once this centre leads. */
  readonly openBus?: () => Promise<ClusterBus>;
  /** With NATS: another centre leads, this one waits; what it gives back is called before it leads. Without it openCore throws. */
  readonly onStandBy?: (leader: string) => Promise<() => Promise<void>>;
  /** A `SteadyClock` is kept beating, and what it finds is journalled. */
  readonly clock: Clock;
  readonly log: Log;
  readonly isDemo: boolean;
  readonly timeZone: string;
  /** Default: as an empty configuration has it. */
  readonly access?: AccessSettings | undefined;
  /** Default: people log in by their passwords alone. */
  readonly openId?: OpenIdSettings | undefined;
  /** PEM of the authority that stamps the audit. */
  readonly stampCertificates?: string | undefined;
  /** How much room the disk of the journal has. */
  readonly disk?: DiskWatch;
  /** Of this program; kept beside each change of the store's schema that it makes. */
  readonly version?: string;
  /** Before the schema of an existing store is changed; when it rejects, nothing is changed and the start stops. */
  readonly beforeMigration?: (store: Store, from: number, to: number) => Promise<void>;
  /** Nothing can be applied any more until a new process opens the store; default: said in the log. */
  readonly onFatal?: (reason: string) => void;
};

/** The centre without doors: what the commands of a stopped centre need, and what the doors are built on. */
export type Core = {
  readonly store: Store;
  readonly journal: Journal;
  readonly situation: Situation;
  readonly energyToday: EnergyToday;
  readonly accounts: Accounts;
  /** By which people log in beside their passwords. */
  readonly openId: OpenId | undefined;
  /** Makes the links of calls, and the keys of push. */
  readonly linkKey: Buffer;
  readonly worker: Worker;
  readonly timers: TimerService;
  /** Which alarms have one cause; the bus tells it. */
  readonly grouping: AlarmGrouping;
  readonly bus: LiveBus;
  /** As the feed tells them. */
  readonly isolations: ToldIsolations;
  /** Signs commands to devices. */
  readonly commandSigner: CommandSigner;
  /** Told of every commit, after it is durable. */
  onCommitted(listener: (effects: Effects) => void): void;
  /** Told when this process applies other shards than before, and the situation may have been read anew. */
  onReshared(listener: () => Promise<void>): void;
  /** To the other processes of this centre, and what of it is with workers; absent without `openBus`. */
  readonly cluster?: { readonly bus: ClusterBus; readonly prefix: string; readonly shares: ShareDesk };
  /** Who did what; the process that leads is the one that writes it. */
  readonly audit: AuditTrail;
  readonly auditInspection: AuditInspection;
  readonly clock: Clock;
  /** In which a day begins. */
  readonly timeZone: string;
  readonly log: Log;
  readonly disk: DiskWatch | undefined;
  /** Why nothing can be made durable right now; undefined when all is well. */
  readonly journalTrouble: () => string | undefined;
  /** With which this centre leads; absent where nobody else could. */
  readonly lease?: Pick<LeaderLease, 'epoch' | 'trouble' | 'remainingMs'>;
  /** Resolves when the changes are applied and durable; all of them or none. */
  changeRegistry(changes: readonly RegistryChange[]): Promise<void>;
  /** Checks what people ask of the registry, and writes it. */
  readonly registryDesk: RegistryDesk;
  close(): Promise<void>;
};

const REGISTRY_CHANGE_TIMEOUT_MS = 60_000;
const DEFAULT_STREAM = 'fengsui';

/** Opens store and journal, rebuilds the situation, and applies what the last run left in the journal. */
export async function openCore(options: CoreOptions): Promise<Core> {
  const { clock, log } = options;
  if (options.natsUrl !== undefined && options.databaseUrl === undefined)
    throw new Error(
      'nats.url needs database.url: the embedded store belongs to one process, its journal lies beside it',
    );
  const commandSigner = await openCommandKey(options.keysFolder);
  const sealKey = await openSealKey(options.keysFolder);
  const openId = OpenId.of(options.openId ?? noOpenId, sealKey, clock, log);
  const onFatal = options.onFatal ?? ((reason) => log.error('the store stopped', { reason }));
  const lease = await takeLead(options, commandSigner.publicKey.keyId, onFatal);
  let store: Store;
  try {
    store = await openStore(options, lease, onFatal);
  } catch (error) {
    await lease?.close();
    throw error;
  }
  const opened: { bus?: ClusterBus | undefined } = {};
  try {
    await checkStoreNotLost(store, options.journalFolder);
    await migrate(store, migrations, {
      log: (line) => log.info(line),
      before: (from, to) => options.beforeMigration?.(store, from, to) ?? Promise.resolve(),
      ...(options.version !== undefined && { product: options.version }),
    });
    const situation = new Situation(new Registry());
    for (const profile of await loadGbProfiles(options.gbProfileFolder)) situation.gb.profiles.set(profile.id, profile);
    situation.work.rules = loadWorkRules(options.workRulesFile);
    const shared = lease === undefined ? undefined : await openShares(options, store, situation, log);
    opened.bus = shared?.bus;
    situation.share = shared?.share;
    const clockChange = clock instanceof SteadyClock ? clock.start(await lastRecordedAt(store)) : undefined;
    const restored = await restoreSituation(situation, store, clock.now());
    const energyToday = new EnergyToday(options.timeZone);
    await energyToday.restore(store, situation.registry, clock.now());
    let journalTrouble: string | undefined;
    const journal = await openJournal(options, lease, restored.applied, (reason) => {
      journalTrouble = reason;
      if (reason === undefined) log.info('journal can be written again');
      else log.error('journal cannot be written: reports are held back, not lost', { reason });
    });
    if (lease !== undefined) await journal.append('alarm', [leaderChangeEntry(lease.epoch, clock.now())]);
    const reshared = new Set<() => Promise<void>>();
    const tellReshared = async (): Promise<void> => {
      for (const listener of reshared) await listener();
    };
    const committed = new Set<(effects: Effects) => void>([
      (effects) => energyToday.update(effects),
      screenTimes(journal, clock),
    ]);
    const timers = new TimerService(journal, clock);
    const grouping = new AlarmGrouping(clock);
    await grouping.restore(situation.alarms({ venues: 'all' }), store);
    const isolations = new ToldIsolations(situation);
    const bus = new LiveBus(
      restored.feedPosition,
      (alarms) => grouping.follow(alarms),
      (effects) => isolations.changedBy(effects),
    );
    // What workers commit is not counted in the store: who comes back after a take-over begins with a snapshot.
    if (shared?.desk !== undefined && shared.share !== undefined) bus.beginAnew(`${lease?.epoch}`);
    const worker: Worker = new Worker({
      journal,
      store,
      situation,
      timers,
      bus,
      log,
      applied: restored.applied,
      onFatal,
      onCommitted: (effects) => {
        for (const listener of committed) listener(effects);
      },
      ...(shared !== undefined && {
        sharing: {
          positions: restored.positions,
          now: () => clock.now(),
          others: (lane) => shared.desk?.others(lane) ?? Infinity,
          safe: (lane) => shared.desk?.safe(lane) ?? worker.levelled[lane],
          whileReading: (read) => shared.desk?.whileReading(read) ?? read(),
          onReadAnew: async () => {
            await tellReshared();
            await grouping.restore(situation.alarms({ venues: 'all' }), store);
            bus.beginAnew(`${lease?.epoch}.${bus.position}`);
          },
          onReleased: tellReshared,
        },
      }),
    });
    // A shard that a worker left behind is further back than the others.
    for (const lane of lanes) if (situation.share !== undefined) journal.rewind?.(lane, worker.applied[lane]);
    timers.update(
      restored.timers.filter(({ venueId, purpose }) => ownsTimer(situation.share, venueId, purpose)),
      [],
    );
    await worker.catchUp();
    if (situation.share !== undefined) situation.gb.skipOrders();
    const accounts = new Accounts(store, clock, options.isDemo, options.access, sealKey, situation.registry);
    await accounts.load();
    const audit = await AuditTrail.open({
      store,
      clock,
      log,
      timeZone: options.timeZone,
      headFile: headFileIn(options.keysFolder),
      waitingFile: waitingFileIn(options.keysFolder),
    });
    worker.start();
    shared?.desk?.start(worker, restored.positions);
    // First what became of the clock, then what is due by it.
    const clockWatch = clock instanceof SteadyClock ? new ClockWatch(clock, journal, log) : undefined;
    clockWatch?.start(clockChange);
    timers.start();
    const changeRegistry = async (changes: readonly RegistryChange[]): Promise<void> => {
      const [sequence = 0] = await journal.append('alarm', [registryEntry(changes, clock.now())]);
      await worker.reached('alarm', sequence, REGISTRY_CHANGE_TIMEOUT_MS, 'here');
    };
    return {
      store,
      journal,
      situation,
      grouping,
      isolations,
      energyToday,
      accounts,
      openId,
      linkKey: linkKeyOf(sealKey),
      worker,
      timers,
      bus,
      commandSigner,
      audit,
      auditInspection: new AuditInspection({ store, audit, stampCertificates: options.stampCertificates }),
      onCommitted: (listener) => void committed.add(listener),
      onReshared: (listener) => void reshared.add(listener),
      ...(shared?.bus !== undefined && {
        cluster: { bus: shared.bus, prefix: options.natsStream ?? DEFAULT_STREAM, shares: shared.desk },
      }),
      clock,
      timeZone: options.timeZone,
      log,
      disk: options.disk,
      journalTrouble: () => journalTrouble,
      ...(lease !== undefined && { lease }),
      changeRegistry,
      registryDesk: new RegistryDesk({ registry: situation.registry, clock, write: changeRegistry }),
      close: async () => {
        clockWatch?.stop();
        timers.stop();
        // What the desk waits for, the worker does, or gives up.
        await Promise.all([shared?.desk?.stop(), worker.stop()]);
        await journal.close();
        await shared?.bus?.close();
        await audit.close();
        await store.close();
        await lease?.close();
      },
    };
  } catch (error) {
    await opened.bus?.close();
    await store.close();
    await lease?.close();
    throw error;
  }
}

/** With a PostgreSQL that several centres may share, one of them leads. */
async function takeLead(
  { databaseUrl, natsUrl, onStandBy, log }: CoreOptions,
  commandKey: string,
  onLost: (reason: string) => void,
): Promise<LeaderLease | undefined> {
  if (databaseUrl === undefined) return undefined;
  const holder = `${hostname()} process ${process.pid}`;
  const lease = await LeaderLease.open({ databaseUrl, holder, commandKey, log, onLost });
  try {
    // What a leader with segment files has not applied lies on its own disk: nobody else can take over from it.
    await lease.lead({ onStandBy: natsUrl === undefined ? undefined : onStandBy });
    return lease;
  } catch (error) {
    await lease.close();
    throw error;
  }
}

type Shares = { readonly share: Share | undefined } & (
  { readonly bus: ClusterBus; readonly desk: ShareDesk } | { readonly bus?: undefined; readonly desk?: undefined }
);

/** What of the partitions is this process's, and the way to the workers that have the rest. */
async function openShares(
  { openBus, natsStream = DEFAULT_STREAM }: CoreOptions,
  store: Store,
  situation: Situation,
  log: Log,
): Promise<Shares> {
  const leases = new ShareLeases(store);
  if (openBus === undefined) return { share: await reclaimShards(leases) };
  const bus = await openBus();
  const desk = new ShareDesk({ bus, prefix: natsStream, leases, situation, log });
  return { bus, desk, share: await desk.open() };
}

async function openStore(
  { databaseUrl, storeFolder, log }: CoreOptions,
  lease: LeaderLease | undefined,
  onStale: (reason: string) => void,
): Promise<Store> {
  if (databaseUrl === undefined || lease === undefined)
    return createPgliteStore({ folder: storeFolder, log: (line) => log.debug(line) });
  const store = await createPostgresStore({ url: databaseUrl, applicationName: lease.session });
  return fencedStore(store, () => requireEpoch(lease.epoch), onStale);
}

async function openJournal(
  { natsUrl, natsStream = DEFAULT_STREAM, journalFolder, log, disk }: CoreOptions,
  lease: LeaderLease | undefined,
  startAfter: Readonly<Record<Lane, number>>,
  onHeld: (reason: string | undefined) => void,
): Promise<Journal> {
  const common = { startAfter, onHeld, warn: (message: string) => log.warn(message) };
  if (natsUrl === undefined || lease === undefined) {
    const hasRoom = (): boolean => disk?.figures.room !== 'last';
    return openSegmentJournal({ ...common, folder: journalFolder, hasRoom });
  }
  await refuseUnappliedSegments(journalFolder, startAfter);
  // Most centres have none: they need not load its client.
  const { openJetStreamJournal } = await import('./journal/jetstream/jetstream-journal.ts');
  return openJetStreamJournal({
    ...common,
    url: natsUrl,
    prefix: natsStream,
    info: (message) => log.info(message),
    mayAppend: () => lease.stillLeads(),
  });
}
