import { categories } from '@fengsui/alarm';
import { lanes, type Lane } from '../journal/entry.ts';
import { isOpen } from '../situation/kept-command.ts';
import { isOverdue } from '../workorder/work-timers.ts';
import type { ApiContext } from './context.ts';

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
  const backlog = (lane: Lane): number => journal.lastSequence(lane) - worker.applied[lane];
  const lagsS = await Promise.all(lanes.map(async (lane) => [lane, await lagS(context, lane)] as const));
  return [
    ['fengsui_reports_per_second', 'gauge', 'Reports received in the last 10 s.', plain(context.reportsPerSecond())],
    ['fengsui_troubles', 'gauge', 'Reasons why the centre is not ready, as /readyz has them.', plain([...context.troubles()].length)], // prettier-ignore
    ['fengsui_journal_sequence', 'counter', 'Last durable entry per lane.', by('lane', lanes.map((lane) => [lane, journal.lastSequence(lane)]))], // prettier-ignore
    ['fengsui_journal_backlog', 'gauge', 'Durable entries that are not applied yet.', by('lane', lanes.map((lane) => [lane, backlog(lane)]))], // prettier-ignore
    ['fengsui_journal_lag_seconds', 'gauge', 'Age of the oldest durable entry that is not applied yet.', by('lane', lagsS)], // prettier-ignore
    ['fengsui_feed_position', 'counter', 'Commits published on the live feed.', plain(bus.position)],
    ['process_resident_memory_bytes', 'gauge', 'Resident memory.', plain(process.memoryUsage.rss())],
  ];
}

async function lagS({ journal, worker, clock }: ApiContext, lane: Lane): Promise<number> {
  if (journal.lastSequence(lane) <= worker.applied[lane]) return 0;
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
    ['fengsui_mqtt_waiting', 'gauge', 'Connections that have not had their turn yet.', plain(figures.mqttWaiting)],
    ['fengsui_quarantined_total', 'counter', 'Messages put into quarantine since the start.', plain(figures.quarantined)], // prettier-ignore
    ['fengsui_timers', 'gauge', 'Timers that wait or have fired and are not applied.', plain(figures.timers)],
    ['fengsui_timer_late_seconds', 'gauge', 'How late the first timer is.', plain(figures.timersLateMs / 1000)],
    ['fengsui_clock_machine_ahead_seconds', 'gauge', "How far the machine's clock is ahead of the centre's time.", plain(figures.machineAheadMs / 1000)], // prettier-ignore
  ];
}
