import { CallerRate, type RateSettings } from './access/caller-rate.ts';
import { createApi, type ServerTls } from './api/api.ts';
import type { Api } from './api/api-instance.ts';
import type { ApiContext } from './api/context.ts';
import type { ConsoleFiles } from './api/console-files.ts';
import type { DoorFigures } from './api/door-figures.ts';
import type { LiveFeed } from './api/live-feed.ts';
import { metricsText } from './api/metrics.ts';
import { AuditCare } from './audit/audit-care.ts';
import type { AuditCareSettings } from './audit/audit-settings.ts';
import { Canary } from './canary/canary.ts';
import { CanaryGate } from './canary/canary-device.ts';
import { CanaryMqttLink, type CanaryDeviceLink } from './canary/canary-device-link.ts';
import type { CanaryNews } from './canary/canary-words.ts';
import type { BackupDesk } from './backup/backup-desk.ts';
import { backupStanding } from './backup/backup-standing.ts';
import { GatewayDirectory } from './cluster/gateway-directory.ts';
import { LeaderNews } from './cluster/leader-news.ts';
import { RemoteCanary } from './cluster/remote-canary.ts';
import { RemoteDoors } from './cluster/remote-doors.ts';
import type { Core } from './core.ts';
import { RemoteGb } from './cluster/remote-gb.ts';
import { createGbDoors, type GbPlace, type GbReach } from './intake/gb26875/gb-doors.ts';
import { CountedOrders } from './intake/gb26875/receipt-orders.ts';
import { endOldSecret } from './intake/device-credential.ts';
import type { DeviceDoors } from './intake/device-doors.ts';
import { BrokerLinks } from './intake/foreign/broker-links.ts';
import { ForeignReception } from './intake/foreign/foreign-reception.ts';
import { SourceDoor } from './intake/foreign/source-door.ts';
import { CallOutCourier } from './call-out/call-out-courier.ts';
import { noCallOutDoors, type CallOutDoors } from './call-out/call-out-doors.ts';
import { FireCommandCourier } from './fire-command/fire-command-courier.ts';
import type { FireChannel } from './fire-command/fire-command-settings.ts';
import { DeskPackKeeper } from './desk-pack/desk-pack-keeper.ts';
import { History } from './history/history.ts';
import type { Retention } from './history/retention.ts';
import { MqttDoor } from './intake/mqtt-door.ts';
import type { MqttTls } from './intake/mqtt-door-options.ts';
import { Reception } from './intake/reception.ts';
import type { Releases } from './rollout/releases.ts';
import { RolloutCourier } from './rollout/rollout-courier.ts';
import { RuleCalendar } from './rules/rule-calendar.ts';
import { RuleDesk } from './rules/rule-desk.ts';
import { CommandDesk } from './response/command-desk.ts';
import { Relays } from './relay/relays.ts';
import { calibrationCourier } from './factory/calibration-courier.ts';
import type { ErrandCourier } from './response/errand-courier.ts';
import { teachingCourier } from './response/teaching-courier.ts';
import { DiskDesk } from './situation/disk-desk.ts';
import { recentGbFrames } from './situation/gb26875/restore-gb.ts';
import { partitionOf } from './journal/partition.ts';
import { ListenError, listen } from './platform/listen.ts';
import { createProcessSecret, isSecret } from './platform/process-secret.ts';
import { ReportRate } from './platform/report-rate.ts';
import { SteadyClock } from './platform/steady-clock.ts';

export type CentreOptions = {
  readonly core: Core;
  readonly isDemo: boolean;
  readonly version: string;
  readonly web: {
    readonly host: string;
    readonly port: number;
    readonly tls?: ServerTls;
    /** Of the web door, at once; absent: as many as come. */
    readonly connectionsPerAddress?: number;
  };
  readonly mqtt: { readonly host: string; readonly port: number; readonly tls?: MqttTls };
  readonly gb26875: GbPlace;
  readonly console: ConsoleFiles;
  readonly releases: Releases;
  /** How long telemetry is kept, and the zone in which its days begin; absent: no roll-ups are made, nothing is dropped. */
  readonly history?: { readonly retention: Retention; readonly timeZone: string };
  /** How long rows of the audit stay, and who else gets them; absent: none goes, nobody gets any. */
  readonly audit?: AuditCareSettings;
  /** Seconds between canary alarms; default 60. */
  readonly canaryEveryS?: number;
  /**
   * Other processes have doors too and are reached over this bus: gateways, to which devices connect, and those that
   * serve seats, which find this one at `host`. Absent: devices connect here, at `mqtt` and `gb26875`.
   */
  readonly gateways?: { readonly host: string };
  /** Where the newest desk pack is kept; absent: nowhere. */
  readonly paperFolder?: string;
  /** Where a fire that a person has confirmed is told; absent: by telephone alone. */
  readonly fireCommand?: FireChannel | undefined;
  /** By which people are called; absent: by none. */
  readonly callOut?: CallOutDoors;
  /** How often each caller may ask; absent: as often as he likes. */
  readonly rate?: RateSettings;
  /** How the backups stand. */
  readonly backups?: Pick<BackupDesk, 'state' | 'last'>;
};

const CANARY_EVERY_S = 60;

/** The centre with its doors open. `start` opens them, `stop` closes them and leaves the core to its owner. */
export class Centre {
  readonly #options: CentreOptions;
  readonly #reception: Reception;
  readonly #doors: DeviceDoors;
  readonly #gateways: RemoteGateways | undefined;
  readonly #foreign: ForeignReception;
  readonly #brokers: BrokerLinks;
  readonly #disk: DiskDesk | undefined;
  readonly #commands: CommandDesk;
  readonly #couriers: readonly Pick<ErrandCourier<never>, 'start' | 'stop' | 'follow'>[];
  readonly #rollouts: RolloutCourier;
  readonly #fireCommand: FireCommandCourier;
  readonly #callOuts: CallOutCourier;
  readonly #ruleCalendar: RuleCalendar;
  readonly #relays: Relays;
  readonly #gb: GbReach;
  /** Absent where gateways have it. */
  readonly #gbDoors: ReturnType<typeof createGbDoors> | undefined;
  readonly #rate: ReportRate;
  readonly #canarySecret = createProcessSecret();
  /** Of processes that serve seats; they learn it from the centre's beat. */
  readonly #seatsKey = createProcessSecret();
  readonly #history: History | undefined;
  readonly #auditCare: AuditCare | undefined;
  #canary: Canary | undefined;
  #deskPack: DeskPackKeeper | undefined;
  #context: ApiContext | undefined;
  #api: Api | undefined;
  #feed: LiveFeed | undefined;
  #webPort = 0;
  #mqttPort = 0;
  #quarantined = 0;

  constructor(options: CentreOptions) {
    this.#options = options;
    const { journal, situation, clock, log } = options.core;
    this.#reception = new Reception({
      journal,
      registry: situation.registry,
      clock,
      room: () => options.core.disk?.figures.room ?? 'ample',
      highestApplied: (deviceId, epoch) => situation.ledger(deviceId).highest(epoch),
      onSecretRotated: (deviceId) => this.#endOldSecret(deviceId),
    });
    const { registry } = situation;
    this.#foreign = new ForeignReception({ journal, registry });
    const sources = new SourceDoor({ reception: this.#foreign, registry, clock });
    const gate = new CanaryGate(this.#reception, this.#canarySecret, { journal, clock });
    this.#gateways = options.gateways && this.#openGateways(options.gateways);
    this.#doors = this.#gateways?.doors ?? new MqttDoor({ ...options.mqtt, gate, sources, clock, log });
    const { disk } = options.core;
    if (disk !== undefined) {
      this.#disk = new DiskDesk({ disk, journal, situation, clock, log, onRoom: () => this.#doors.askAgain() });
    }
    this.#brokers = new BrokerLinks({ journal, registry, reception: this.#foreign, clock, log });
    this.#commands = new CommandDesk({
      signer: options.core.commandSigner,
      link: this.#doors,
      journal,
      situation,
      clock,
    });
    const carried = { ...options.core, commands: this.#commands };
    this.#couriers = [teachingCourier(carried), calibrationCourier(carried)];
    this.#rollouts = new RolloutCourier({ ...options.core, commands: this.#commands });
    const { limits } = situation;
    const ruleDesk = new RuleDesk(options.core.registryDesk, limits.ofProduct, options.core.timeZone);
    this.#ruleCalendar = new RuleCalendar({ ...options.core, registry, desk: ruleDesk });
    this.#fireCommand = new FireCommandCourier({ ...options.core, channel: options.fireCommand });
    options.core.onCommitted((effects) => this.#fireCommand.follow(effects));
    this.#callOuts = new CallOutCourier({ ...options.core, ...(options.callOut ?? noCallOutDoors) });
    options.core.onCommitted((effects) => this.#callOuts.follow(effects));
    for (const courier of this.#couriers) options.core.onCommitted((effects) => courier.follow(effects));
    options.core.onCommitted(({ clockShiftMs, quarantine }) => {
      if (clockShiftMs !== 0) this.#doors.tellTime();
      this.#quarantined += quarantine.length;
    });
    // A credential that was taken away holds no longer, also on the connection it opened.
    options.core.onCommitted(({ registryChanges }) => {
      for (const change of registryChanges) {
        if (change.kind === 'devicePut') this.#doors.recheck(change.device.id);
        if (change.kind === 'sourcePut') {
          this.#doors.recheckSource(change.source.id);
          this.#brokers.recheck(change.source.id);
        }
      }
    });
    this.#relays = new Relays({ ...options.core, atGateways: this.#gateways !== undefined });
    options.core.onCommitted(({ registryChanges }) => {
      if (registryChanges.length > 0) this.#relays.forgetDevices();
      for (const change of registryChanges) if (change.kind === 'relayPut') this.#relays.recheck(change.target.id);
    });
    if (this.#gateways === undefined) {
      const { gb } = situation;
      const orders = new CountedOrders(gb.highestOrder);
      const relay = this.#relays;
      this.#gbDoors = createGbDoors(options.gb26875, { journal, registry, gb, orders, clock, log, relay });
    }
    this.#gb = this.#gateways?.gb ?? (this.#gbDoors as ReturnType<typeof createGbDoors>).intake;
    if (options.history !== undefined) {
      const history = new History({
        ...options.core,
        ...options.history,
        hasRoom: () => ['ample', 'tight'].includes(options.core.disk?.figures.room ?? 'ample'),
        applied: (lane, partition) => options.core.worker.appliedOf(lane, partition),
        owns: (partition) => situation.owns(partition),
      });
      options.core.onReshared(() => history.reshare());
      options.core.onCommitted((effects) => history.follow(effects));
      this.#history = history;
    }
    if (options.audit !== undefined) this.#auditCare = new AuditCare({ ...options.core, ...options.audit });
    this.#rate = new ReportRate(() => this.#receivedCount);
  }

  /** The web door opens first, so that people see what is going on; devices follow when everything is ready. */
  async start(): Promise<{
    readonly webPort: number;
    readonly mqttPort: number;
    readonly mqttTlsPort?: number;
    readonly gbPort: number;
  }> {
    const { core, web } = this.#options;
    const context: ApiContext = {
      accounts: core.accounts,
      openId: core.openId,
      ...(this.#options.rate !== undefined && { rate: new CallerRate(this.#options.rate) }),
      situation: core.situation,
      grouping: core.grouping,
      isolations: core.isolations,
      registryDesk: core.registryDesk,
      energyToday: core.energyToday,
      store: core.store,
      audit: core.audit,
      auditInspection: core.auditInspection,
      ...(this.#auditCare !== undefined && { auditCare: this.#auditCare }),
      journal: core.journal,
      worker: core.worker,
      bus: core.bus,
      commands: this.#commands,
      mqttUrl: (requestHost) => {
        const tlsPort = this.#doors.tlsPort;
        if (tlsPort !== undefined) return `mqtts://${urlHost(requestHost)}:${tlsPort}`;
        const { host } = this.#options.mqtt;
        const named = ['::', '0.0.0.0'].includes(host) ? requestHost : host;
        return `mqtt://${urlHost(named)}:${this.#mqttPort}`;
      },
      foreign: {
        reception: this.#foreign,
        sessionsOf: (sourceId) => this.#doors.sessionsOf(sourceId),
      },
      gb: this.#gb,
      callOut: { ...(this.#options.callOut ?? noCallOutDoors), linkKey: core.linkKey },
      relays: this.#relays,
      releases: this.#options.releases,
      clock: core.clock,
      timeZone: core.timeZone,
      log: core.log,
      isCanarySeat: (token) => isSecret(token, this.#canarySecret),
      ...(this.#gateways !== undefined && { isMirrorSeat: (token) => isSecret(token, this.#seatsKey) }),
      canary: () => this.#canary?.figures(),
      ...(this.#history !== undefined && { history: this.#history }),
      isDemo: this.#options.isDemo,
      version: this.#options.version,
      isTls: web.tls !== undefined,
      reportsPerSecond: () => this.#rate.perSecond,
      doors: () => this.#doorFigures(),
      journalTrouble: () => core.journalTrouble(),
      ...(core.lease !== undefined && { lease: core.lease }),
      ...(core.disk !== undefined && { disk: () => core.disk?.figures }),
      heldBack: () => {
        const reason = this.#disk?.trouble;
        if (reason !== undefined) return { intake: reason, history: reason };
        const isAlone = this.#gateways?.directory.alive().length === 0;
        return isAlone ? { intake: 'no gateway is there: devices cannot connect' } : {};
      },
      ...this.#backupStanding(),
      troubles: () =>
        [
          core.worker.trouble,
          core.journalTrouble(),
          core.lease?.trouble,
          core.audit.trouble,
          core.cluster?.shares.trouble,
          this.#disk?.trouble,
        ].filter((trouble) => trouble !== undefined),
    };
    this.#context = context;
    const { paperFolder: folder } = this.#options;
    if (folder !== undefined) this.#deskPack = new DeskPackKeeper({ ...core, folder, troubles: context.troubles });
    const { api, feed } = await createApi({
      context,
      console: this.#options.console,
      ...(web.tls !== undefined && { tls: web.tls }),
      connectionsPerAddress: web.connectionsPerAddress,
    });
    this.#api = api;
    this.#feed = feed;
    try {
      await api.ready();
      const webPort = await listen(api.server, web.host, web.port);
      this.#webPort = webPort;
      const hasGateways = this.#gateways !== undefined;
      const purpose = { kind: 'centreStarted', ...(hasGateways && { hasGateways }) };
      const fired = { timerId: 'centreStarted', firedAt: core.clock.now(), purpose };
      await core.journal.append('alarm', [
        { kind: 'timerFired', partition: 0, appendedAt: core.clock.now(), meta: fired },
      ]);
      this.#disk?.start();
      // Where the doors are elsewhere, it is theirs that people are told.
      const mqttPort = (await this.#doors.start()) ?? this.#options.mqtt.port;
      this.#gateways?.news.start();
      this.#gbDoors?.intake.restore(await recentGbFrames(core.store, core.clock.now()));
      // Before the door: a frame that comes first is owed like any other.
      this.#relays.start(this.#gb, this.#options.gb26875.port);
      const gbPort = (await this.#gbDoors?.door.start()) ?? this.#options.gb26875.port;
      this.#mqttPort = mqttPort;
      this.#brokers.start();
      for (const courier of this.#couriers) await courier.start();
      this.#rollouts.start();
      this.#fireCommand.start();
      this.#callOuts.start();
      this.#ruleCalendar.start();
      this.#rate.start();
      this.#history?.start();
      this.#auditCare?.start();
      this.#startCanary(webPort, mqttPort);
      this.#deskPack?.start();
      const { tlsPort: mqttTlsPort } = this.#doors;
      return { webPort, mqttPort, gbPort, ...(mqttTlsPort !== undefined && { mqttTlsPort }) };
    } catch (error) {
      await this.stop();
      throw error instanceof ListenError && error.message.startsWith('door') ? error.named('web') : error;
    }
  }

  #backupStanding(): Pick<ApiContext, 'backup'> {
    const { backups, core } = this.#options;
    return backups === undefined ? {} : { backup: () => backupStanding(backups, core.clock.now()) };
  }

  #startCanary(webPort: number, mqttPort: number): void {
    const { core, web, mqtt, canaryEveryS = CANARY_EVERY_S } = this.#options;
    const { journal, clock, log } = core;
    const onNews = (news: CanaryNews): void => {
      const firedAt = clock.now();
      const meta = { timerId: 'canary', firedAt, purpose: news };
      // While the journal cannot take it, /readyz says it; nobody waits for it here.
      journal
        .append('alarm', [{ kind: 'timerFired', partition: partitionOf(''), appendedAt: firedAt, meta }])
        .catch((error: unknown) => log.error('not on record', { news: news.state, error: String(error) }));
    };
    const device: CanaryDeviceLink =
      this.#gateways?.canary ??
      new CanaryMqttLink({ secret: this.#canarySecret, host: mqtt.host, port: () => mqttPort, log });
    const canary = new Canary({
      secret: this.#canarySecret,
      device,
      web: { host: web.host, port: webPort, ...(web.tls !== undefined && { ca: web.tls.ca }) },
      everyMs: canaryEveryS * 1000,
      clock,
      log,
      onNews,
    });
    this.#canary = canary;
    canary.start();
  }

  /** Prometheus text, as /metrics; undefined before the doors are open. */
  async metrics(): Promise<string | undefined> {
    return this.#context === undefined ? undefined : metricsText(this.#context);
  }

  #openGateways({ host }: NonNullable<CentreOptions['gateways']>): RemoteGateways {
    const { situation, worker, log, lease, cluster, journal, clock } = this.#options.core;
    if (lease === undefined || cluster === undefined) throw new Error('gateways need what is shared with them');
    const { bus, prefix, shares } = cluster;
    const directory = new GatewayDirectory({ bus, prefix, log, onSecretUsed: (id) => this.#endOldSecret(id) });
    const { registry } = situation;
    const sessionOf = (deviceId: string): number | undefined => situation.deviceStates.get(deviceId)?.session;
    const reached = { bus, prefix, directory, registry, sessionOf };
    const doors = new RemoteDoors({ ...reached, tlsPort: this.#options.mqtt.tls?.port });
    const isListening = (deviceId: string): boolean => {
      const device = registry.device(deviceId);
      return device !== undefined && this.#relays.isListening(device);
    };
    const gb = new RemoteGb({ ...reached, journal, clock, isListening });
    const news = new LeaderNews({
      bus,
      prefix,
      epoch: lease.epoch,
      applied: () => worker.appliedByAll,
      shares: () => shares.shares(),
      seats: () => ({ url: this.#webUrl(host), key: this.#seatsKey }),
    });
    shares.onDealt(() => news.beat());
    this.#options.core.onCommitted(({ registryChanges }) => news.changed(registryChanges));
    return { directory, doors, gb, news, canary: new RemoteCanary(directory, doors) };
  }

  #webUrl(host: string): string {
    const scheme = this.#options.web.tls === undefined ? 'http' : 'https';
    return `${scheme}://${urlHost(host)}:${this.#webPort}`;
  }

  #endOldSecret(deviceId: string): void {
    const { registryDesk, log } = this.#options.core;
    endOldSecret(registryDesk, deviceId).catch((error: unknown) => {
      log.error('old secret not ended', { deviceId, error: error instanceof Error ? error.message : '' });
    });
  }

  get #receivedCount(): number {
    const atGateways = this.#gateways?.directory.receivedCount ?? 0;
    return this.#reception.receivedCount + atGateways + (this.#gbDoors?.intake.frameCount ?? 0);
  }

  #doorFigures(): DoorFigures {
    const { timers, clock } = this.#options.core;
    return {
      // The canary's own is no device's.
      mqttSessions:
        this.#doors.sessionCount - (this.#gateways === undefined && this.#canary?.figures().isConnected ? 1 : 0),
      mqttWaiting: this.#doors.waitingCount,
      feedClients: this.#feed?.clientCount ?? 0,
      reports: this.#receivedCount,
      ...(this.#gateways !== undefined && { gateways: this.#gateways.directory.alive().length }),
      timers: timers.size,
      timersLateMs: timers.lateMs,
      machineAheadMs: clock instanceof SteadyClock ? clock.machineAheadMs : 0,
      quarantined: this.#quarantined,
    };
  }

  async stop(): Promise<void> {
    this.#rate.stop();
    this.#gateways?.news.stop();
    await this.#canary?.stop();
    await this.#deskPack?.stop();
    await this.#history?.stop();
    for (const courier of this.#couriers) courier.stop();
    this.#rollouts.stop();
    await this.#fireCommand.stop();
    await this.#callOuts.stop();
    this.#ruleCalendar.stop();
    await this.#brokers.stop();
    await this.#gbDoors?.door.stop();
    await this.#relays.stop();
    await this.#doors.stop();
    await this.#feed?.close();
    await this.#api?.close();
    // Behind the last act.
    await this.#auditCare?.stop();
  }
}

type RemoteGateways = {
  readonly directory: GatewayDirectory;
  readonly doors: RemoteDoors;
  readonly gb: RemoteGb;
  readonly news: LeaderNews;
  readonly canary: CanaryDeviceLink;
};

const urlHost = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);
