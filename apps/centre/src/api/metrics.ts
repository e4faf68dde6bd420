import { alarmStates, categories } from '@fengsui/alarm';
import { seatSounds } from '@fengsui/protocol';
import { lanes, type Lane } from '../journal/entry.ts';
import { isOpen } from '../situation/kept-command.ts';
import { isOverdue } from '../workorder/work-timers.ts';
import type { ApiContext } from './context.ts';
import { centreFunctions } from './functions.ts';

type Sample = readonly [labels: string, value: number];
type Metric = readonly [name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]];

const plain = (value: number): readonly Sample[] => [['', value]];
const by = (label: string, counts: Iterable<readonly [string, number]>): readonly Sample[] =>
  [...counts].map(([name, value]) => [`{${label}="${name}"}`, value]);

/** Prometheus text, version 0.0.4: docs/reference/metrics.md. */
export async function metricsText(context: ApiContext): Promise<string> {
  const metrics = [...(await centreMetrics(context)), ...fieldMetrics(context), ...(await doorMetrics(context))];
  const lines = metrics.flatMap(([name, type, help, samples]) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(([labels, value]) => `${name}${labels} ${value}`),
  ]);
  return `${lines.join('\n')}\n`;
}

async function centreMetrics(context: ApiContext): Promise<readonly Metric[]> {
  const { journal, worker, bus } = context;
  const backlog = (lane: Lane): number => journal.waiting(lane, worker.applied[lane]);
  const lagsS = await Promise.all(lanes.map(async (lane) => [lane, await lagS(context, lane)] as const));
  return [
    ['fengsui_reports_per_second', 'gauge', 'Reports received in the last 10 s.', plain(context.reportsPerSecond())],
    ['fengsui_troubles', 'gauge', 'Reasons why the centre is not ready, as /readyz has them.', plain([...context.troubles()].length)], // prettier-ignore
    ['fengsui_journal_applied_total', 'counter', 'Entries applied and committed since the start.', by('lane', lanes.map((lane) => [lane, worker.appliedCount[lane]]))], // prettier-ignore
    ['fengsui_journal_sequence', 'counter', 'Number of the last durable entry per lane.', by('lane', lanes.map((lane) => [lane, journal.lastSequence(lane)]))], // prettier-ignore
    ['fengsui_journal_backlog', 'gauge', 'Durable entries that are not applied yet.', by('lane', lanes.map((lane) => [lane, backlog(lane)]))], // prettier-ignore
    ['fengsui_journal_lag_seconds', 'gauge', 'Age of the oldest durable entry that is not applied yet.', by('lane', lagsS)], // prettier-ignore
    ['fengsui_commits_total', 'counter', 'Transactions committed since the start.', plain(worker.commitTimes.count)],
    ['fengsui_commit_seconds', 'gauge', 'How long the last 1,024 commits took.', quantiles((share) => secondsOf(worker.commitTimes.quantileMs(share)))], // prettier-ignore
    ['fengsui_feed_position', 'counter', 'Commits published on the live feed.', plain(bus.position)],
    ['process_resident_memory_bytes', 'gauge', 'Resident memory.', plain(process.memoryUsage.rss())],
    ['fengsui_requests_refused_total', 'counter', 'Requests refused since the start because their caller asked too often.', by('kind', context.rate?.refused ?? [])], // prettier-ignore
    ['fengsui_seats', 'gauge', 'Seats with a page open, by whether somebody has heard their sound.', by('sound', soundsOf(context))], // prettier-ignore
    ...auditMetrics(context),
    ...canaryMetrics(context),
    ...leaseMetrics(context),
    ...diskMetrics(context),
    ...historyMetrics(context),
    ['fengsui_function', 'gauge', 'What works: 1; what is held: 0; what is broken: -1.', by('name', (await centreFunctions(context)).map(({ name, state }) => [name, STATES[state]]))], // prettier-ignore
  ];
}

function soundsOf({ accounts }: ApiContext): readonly (readonly [string, number])[] {
  const seats = accounts.sounds.list({ venues: 'all' });
  return seatSounds.map((word) => [word, seats.filter(({ sound }) => sound === word).length]);
}

function auditMetrics({ audit, auditCare, clock }: ApiContext): readonly Metric[] {
  if (audit === undefined) return [];
  return [
    ['fengsui_audit_sequence', 'counter', 'Number of the last durable row of the audit.', plain(audit.head.sequence)],
    ['fengsui_audit_waiting', 'gauge', 'Rows of the audit that are not durable yet.', plain(audit.waitingCount)],
    ['fengsui_audit_syslog_behind', 'gauge', 'Rows of the audit that the collector has not got; no line without one.', auditCare?.behind === undefined ? [] : plain(auditCare.behind)], // prettier-ignore
    ['fengsui_audit_stamp_age_seconds', 'gauge', 'Since the head of the audit was stamped; no line when it was not.', auditCare?.stampedAt === undefined ? [] : plain((clock.now() - auditCare.stampedAt) / 1000)], // prettier-ignore
  ];
}

const STATES = { works: 1, held: 0, broken: -1 } as const;

const secondsOf = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);

/** Without a value there is no line. */
const quantiles = (of: (share: number) => number | undefined): readonly Sample[] =>
  [0.5, 0.99].flatMap((share) => {
    const value = of(share);
    return value === undefined ? [] : [[`{quantile="${share}"}`, value] as const];
  });

function leaseMetrics({ lease }: ApiContext): readonly Metric[] {
  if (lease === undefined) return [];
  const { trouble, remainingMs } = lease;
  return [
    ['fengsui_lease_held', 'gauge', 'Whether this centre leads for sure: 1; else 0.', plain(trouble === undefined ? 1 : 0)], // prettier-ignore
    ['fengsui_lease_remaining_seconds', 'gauge', 'How long it leads if the lease is not renewed.', plain(remainingMs / 1000)], // prettier-ignore
  ];
}

function diskMetrics({ disk, backup, clock }: ApiContext): readonly Metric[] {
  const figures = disk?.();
  const lastAt = backup?.().lastAt;
  return [
    ...(figures === undefined
      ? []
      : ([
          ['fengsui_disk_free_bytes', 'gauge', 'Free on the disk of the data folder.', plain(figures.freeBytes)],
          ['fengsui_disk_reserve_bytes', 'gauge', 'Kept for alarms: below, telemetry is refused.', plain(figures.reserveBytes)], // prettier-ignore
        ] as const)),
    ['fengsui_backup_age_seconds', 'gauge', 'Since the newest backup; no line when there is none.', lastAt === undefined ? [] : plain((clock.now() - lastAt) / 1000)], // prettier-ignore
  ];
}

function canaryMetrics({ canary }: ApiContext): readonly Metric[] {
  const figures = canary?.();
  if (figures === undefined) return [];
  const { ageS, lastS, p50S, p99S, seen, missed } = figures;
  return [
    ['fengsui_canary_age_seconds', 'gauge', 'Since the last canary alarm came through.', plain(ageS)],
    ['fengsui_canary_last_seconds', 'gauge', 'How long the last canary alarm took, from the device to the seat.', lastS === undefined ? [] : plain(lastS)], // prettier-ignore
    ['fengsui_canary_seconds', 'gauge', 'How long the canary alarms of the last day took.', quantiles((share) => (share === 0.5 ? p50S : p99S))], // prettier-ignore
    ['fengsui_canary_rounds_total', 'counter', 'Canary alarms since the start.', by('outcome', [['seen', seen], ['missed', missed]])], // prettier-ignore
  ];
}

function historyMetrics({ history }: ApiContext): readonly Metric[] {
  if (history === undefined) return [];
  const { rowsWritten, minutesWaiting, tooLate, dropped, lagMs } = history.figures;
  return [
    ['fengsui_history_lag_seconds', 'gauge', 'Since telemetry was added to the roll-ups last.', plain(lagMs / 1000)],
    ['fengsui_history_minutes_waiting', 'gauge', 'Minutes of devices that wait to be added to the roll-ups.', plain(minutesWaiting)], // prettier-ignore
    ['fengsui_history_rows_total', 'counter', 'Rows of roll-ups written since the start.', plain(rowsWritten)],
    ['fengsui_history_too_late_total', 'counter', 'Minutes that came when their level was kept no longer.', by('level', Object.entries(tooLate))], // prettier-ignore
    ['fengsui_history_dropped_total', 'counter', 'Rows dropped by retention since the start.', by('kind', dropped)],
  ];
}

async function lagS({ journal, worker, clock }: ApiContext, lane: Lane): Promise<number> {
  if (journal.waiting(lane, worker.applied[lane]) === 0) return 0;
  const [oldest] = await journal.read(lane, worker.applied[lane], 1);
  return oldest === undefined ? 0 : Math.max(0, (clock.now() - oldest.appendedAt) / 1000);
}

function fieldMetrics({ situation, gb }: ApiContext): readonly Metric[] {
  const alarms = situation.alarms({ venues: 'all' });
  const perCategory = new Map(categories.map((category) => [category as string, 0]));
  const faults = new Map<string, number>();
  for (const { category, kind, clearedAt } of alarms) {
    perCategory.set(category, (perCategory.get(category) ?? 0) + 1);
    if (category === 'fault' && clearedAt === undefined) faults.set(kind, (faults.get(kind) ?? 0) + 1);
  }
  const perState = new Map<string, number>(alarmStates.map((state) => [state, 0]));
  for (const { state } of alarms) perState.set(state, (perState.get(state) ?? 0) + 1);
  const devices = new Map<string, number>(['online', 'offline', 'silent'].map((state) => [state, 0]));
  for (const { online, silentSince } of situation.deviceStates.values()) {
    const state = silentSince !== undefined ? 'silent' : online ? 'online' : 'offline';
    devices.set(state, (devices.get(state) ?? 0) + 1);
  }
  const transmission = { connected: 0, away: 0 };
  for (const { id, gb: address } of situation.registry.allDevices()) {
    if (address !== undefined) transmission[gb.isConnected(id) ? 'connected' : 'away']++;
  }
  const links = { connected: 0, away: 0 };
  for (const { link } of situation.foreignStates.values()) if (link !== undefined) links[link.state]++;
  const relays = { connected: 0, away: 0 };
  for (const { link } of situation.relayStates.values()) if (link !== undefined) relays[link.state]++;
  const orders = [...situation.work.open()];
  const waiting = [...situation.commands.values()].filter(isOpen);
  return [
    ['fengsui_alarms', 'gauge', 'Alarms that have not ended.', by('category', perCategory)],
    ['fengsui_alarm_states', 'gauge', 'Alarms that have not ended, by their state.', by('state', perState)],
    ['fengsui_faults', 'gauge', 'Active faults by kind.', by('kind', faults)],
    ['fengsui_devices', 'gauge', 'Devices that have been heard, by their link.', by('state', devices)],
    ['fengsui_gb26875_devices', 'gauge', 'Registered transmission devices of GB/T 26875.3.', by('state', Object.entries(transmission))], // prettier-ignore
    ['fengsui_broker_links', 'gauge', 'Connections to brokers of foreign sources.', by('state', Object.entries(links))],
    ['fengsui_relay_links', 'gauge', 'Connections to centres that frames are passed on to.', by('state', Object.entries(relays))], // prettier-ignore
    ['fengsui_work_orders', 'gauge', 'Work orders that are not closed.', by('state', [['open', orders.length], ['overdue', orders.filter(isOverdue).length]])], // prettier-ignore
    ['fengsui_commands_waiting', 'gauge', 'Commands that wait for their reply.', plain(waiting.length)],
  ];
}

async function doorMetrics({ doors, store }: ApiContext): Promise<readonly Metric[]> {
  const [inbox] = await store.query('select count(*) as waiting from foreign_inbox');
  const waiting: Metric = ['fengsui_inbox_waiting', 'gauge', 'Foreign messages that no mapping reads yet.', plain(Number(inbox?.['waiting'] ?? 0))]; // prettier-ignore
  if (doors === undefined) return [waiting];
  const figures = doors();
  return [
    waiting,
    ['fengsui_mqtt_sessions', 'gauge', 'Open sessions of devices.', plain(figures.mqttSessions)],
    ...(figures.gateways === undefined ? [] : [['fengsui_gateways', 'gauge', 'Gateways that are there.', plain(figures.gateways)] as const]), // prettier-ignore
    ['fengsui_feed_clients', 'gauge', 'Screens and programs on the live feed.', plain(figures.feedClients)],
    ['fengsui_reports_total', 'counter', 'Reports received since the start.', plain(figures.reports)],
    ['fengsui_mqtt_waiting', 'gauge', 'Connections that have not had their turn yet.', plain(figures.mqttWaiting)],
    ['fengsui_quarantined_total', 'counter', 'Messages put into quarantine since the start.', plain(figures.quarantined)], // prettier-ignore
    ['fengsui_timers', 'gauge', 'Timers that wait or have fired and are not applied.', plain(figures.timers)],
    ['fengsui_timer_late_seconds', 'gauge', 'How late the first timer is.', plain(figures.timersLateMs / 1000)],
    ['fengsui_clock_machine_ahead_seconds', 'gauge', "How far the machine's clock is ahead of the centre's time.", plain(figures.machineAheadMs / 1000)], // prettier-ignore
  ];
}
