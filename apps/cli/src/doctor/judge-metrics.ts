import type { DoctorFinding } from '@fengsui/terminal';

/** Values of Prometheus text by name with labels, as they stand in it. Lines that are no value are passed over. */
export function readMetrics(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^([A-Za-z_:][^ ]*) (\S+)$/.exec(line) ?? [];
    if (name !== undefined && Number.isFinite(Number(value))) values.set(name, Number(value));
  }
  return values;
}

/** 0, or `otherwise`, where there is no such line. */
type Values = (name: string, otherwise?: number) => number;
type Check = {
  readonly name: string;
  /** What is wrong; undefined when all is well. */
  readonly wrong: (value: Values) => { readonly state: 'warn' | 'fail'; readonly detail: string } | undefined;
  readonly well: (value: Values) => string;
  readonly remedy: string;
};

const warn = (isSo: boolean, detail: string): ReturnType<Check['wrong']> =>
  isSo ? { state: 'warn', detail } : undefined;

/** Journal entries that wait longer than this are late for a screen; than that, for anybody. */
const LAG_S = { warn: 10, fail: 120 };
/** Of the last canary alarm that came through: one is sent each minute, and three missed in a row are a fault. */
const CANARY_S = { warn: 100, fail: 240 };
const COMMIT_S = 2;
/** Some devices are always being repaired. */
const SILENT_SHARE = 0.05;
const QUEUE_AT_DOOR = 1_000;
const COMMANDS_WAITING = 50;
const CLOCK_S = 2;
const TIMER_LATE_S = 10;

const TRIED = 'fengsui_seats{sound="tried"}';
const UNTRIED = 'fengsui_seats{sound="untried"}';
const SOUNDLESS = 'fengsui_seats{sound="none"}';

const MIB = 1024 * 1024;

const room: Check = {
  name: 'disk room',
  wrong(value) {
    const [free, reserve] = [value('fengsui_disk_free_bytes'), value('fengsui_disk_reserve_bytes')];
    if (free >= 2 * reserve) return undefined;
    const detail = `${Math.round(free / MIB)} MiB are left, ${Math.round(reserve / MIB)} are kept for alarms`;
    return free < reserve
      ? { state: 'fail', detail: `${detail}: telemetry and captures are refused` }
      : { state: 'warn', detail: `${detail}: captures are refused` };
  },
  well: (value) => `${Math.round(value('fengsui_disk_free_bytes') / MIB)} MiB are left`,
  remedy:
    'make room: old backups, logs, other programs; the devices keep what is refused and send it again by themselves',
};

const backup: Check = {
  name: 'backup',
  wrong(value) {
    const standing = value('fengsui_function{name="backup"}');
    return warn(standing < 1, standing < 0 ? 'the last backup failed' : 'there is no backup of the last 7 days');
  },
  well: (value) => `the newest backup is ${Math.floor(value('fengsui_backup_age_seconds') / 3600)} h old`,
  remedy: 'fengsui backup create, or set backup.everyHours and backup.folder; docs/guides/backup.md',
};

const lag: Check = {
  name: 'journal',
  wrong(value) {
    const lagS = Math.max(
      value('fengsui_journal_lag_seconds{lane="alarm"}'),
      value('fengsui_journal_lag_seconds{lane="bulk"}'),
    );
    const backlog = value('fengsui_journal_backlog{lane="alarm"}') + value('fengsui_journal_backlog{lane="bulk"}');
    if (lagS <= LAG_S.warn) return undefined;
    const detail = `${backlog} entries wait to be applied, the oldest for ${Math.round(lagS)} s`;
    return { state: lagS > LAG_S.fail ? 'fail' : 'warn', detail };
  },
  well: (value) =>
    `${value('fengsui_reports_per_second')} reports/s, ${value('fengsui_journal_backlog{lane="bulk"}')} entries wait to be applied`,
  remedy: 'the store is slower than the reports: a faster disk, or PostgreSQL (database.url)',
};

const fault = (name: string, kind: string, words: string, remedy: string): Check => ({
  name,
  wrong(value) {
    const count = value(`fengsui_faults{kind="${kind}"}`);
    return warn(count > 0, `${count} ${words}`);
  },
  well: () => `none ${words}`,
  remedy,
});

/** What can be wrong with a running centre and its field, in the order in which one looks. */
const checks: readonly Check[] = [
  {
    name: 'readiness',
    wrong: (value) =>
      value('fengsui_troubles') > 0
        ? { state: 'fail', detail: 'reports are not taken or not applied at the moment' }
        : undefined,
    well: () => 'reports are taken and applied',
    remedy: 'GET /readyz says why: mostly the disk is full, or the database is away',
  },
  lag,
  {
    name: 'lease',
    wrong: (value) =>
      value('fengsui_lease_held', 1) < 1
        ? { state: 'fail', detail: 'the lease of the leader is not renewed: 0 s are left of it' }
        : undefined,
    well(value) {
      const remainingS = value('fengsui_lease_remaining_seconds', NaN);
      return Number.isNaN(remainingS)
        ? 'this centre has its store for itself'
        : `this centre leads, for ${remainingS.toFixed(1)} s if it renews no more`;
    },
    remedy: 'the database answers too late, or another centre has taken over: see its log and docs/guides/scale-out.md',
  },
  room,
  backup,
  {
    name: 'canary',
    wrong(value) {
      const ageS = value('fengsui_canary_age_seconds');
      if (ageS <= CANARY_S.warn) return undefined;
      const detail = `no canary alarm has come through for ${Math.round(ageS)} s`;
      return { state: ageS > CANARY_S.fail ? 'fail' : 'warn', detail };
    },
    well: (value) => `the last canary alarm took ${Math.round(1000 * value('fengsui_canary_last_seconds'))} ms`,
    remedy: 'alarms may not reach the desk: GET /readyz says what is held; if nothing is, start the centre anew',
  },
  {
    name: 'store',
    wrong(value) {
      const p99S = value('fengsui_commit_seconds{quantile="0.99"}');
      return warn(p99S > COMMIT_S, `of the last commits one in a hundred took more than ${p99S.toFixed(1)} s`);
    },
    well: (value) => `a commit takes ${Math.round(1000 * value('fengsui_commit_seconds{quantile="0.5"}'))} ms`,
    remedy: 'the disk of the store is slow: see what else writes to it, or give the store a disk of its own',
  },
  {
    name: 'feed',
    wrong(value) {
      const missed = value('fengsui_function{name="screens"}');
      return value('fengsui_commits_total') > 0 && missed < 1
        ? { state: 'warn', detail: `screens show the state of before (fengsui_function ${missed})` }
        : undefined;
    },
    well: (value) => `${value('fengsui_feed_clients')} screens and programs are on the live feed`,
    remedy: 'GET /readyz says why, function by function',
  },
  {
    name: 'seats',
    wrong(value) {
      const [tried, silent] = [value(TRIED), value(UNTRIED) + value(SOUNDLESS)];
      return warn(
        silent > 0 && tried === 0,
        `no alarm would be heard: of ${silent} seats with a page open none was heard when it was tried`,
      );
    },
    well(value) {
      const [tried, silent] = [value(TRIED), value(UNTRIED) + value(SOUNDLESS)];
      return `${tried} seats can be heard, ${silent} cannot or were not tried`;
    },
    remedy: 'try the sound in the head of the page; GET /api/v1/seats and the page of blind spots say which seats',
  },
  {
    name: 'clock',
    wrong(value) {
      const byS = value('fengsui_clock_machine_ahead_seconds');
      return warn(Math.abs(byS) > CLOCK_S, `the machine's clock is ${Math.round(byS)} s ahead of the centre's time`);
    },
    well: () => "the machine's clock and the centre's time agree",
    remedy: 'set NTP right; after 10 min the centre follows, by more than a day only when it is started anew',
  },
  {
    name: 'timers',
    wrong(value) {
      const lateS = value('fengsui_timer_late_seconds');
      return warn(
        lateS > TIMER_LATE_S,
        `the first of ${value('fengsui_timers')} timers is ${Math.round(lateS)} s late`,
      );
    },
    well: (value) => `${value('fengsui_timers')} wait, none is late`,
    remedy: 'the machine has too little time for the centre: see its load, and the journal above',
  },
  {
    name: 'gateways',
    wrong: (value) =>
      value('fengsui_gateways', 1) < 1
        ? { state: 'fail', detail: '0 are there: MQTT devices cannot connect' }
        : undefined,
    well(value) {
      const count = value('fengsui_gateways', NaN);
      return Number.isNaN(count) ? 'devices connect to this centre itself' : `${count} are there`;
    },
    remedy: 'start fengsui start --roles gateway with the same nats.url, nats.stream and database',
  },
  {
    name: 'mqtt',
    wrong(value) {
      const waiting = value('fengsui_mqtt_waiting');
      return warn(
        waiting > QUEUE_AT_DOOR,
        `${waiting} connections wait for their turn: many devices come back at once`,
      );
    },
    well: (value) => `${value('fengsui_mqtt_sessions')} sessions`,
    remedy:
      'wait: connected devices go first, some hundred newcomers enter a second; if it stays, look for a device that connects in a loop',
  },
  {
    name: 'gb26875',
    wrong(value) {
      const away = value('fengsui_gb26875_devices{state="away"}');
      const all = away + value('fengsui_gb26875_devices{state="connected"}');
      return warn(away > 0, `${away} of ${all} transmission devices are not connected`);
    },
    well: (value) => `${value('fengsui_gb26875_devices{state="connected"}')} transmission devices, all connected`,
    remedy: 'see power and link of the device, its registered address, and gb26875.allow',
  },
  {
    name: 'silence',
    wrong(value) {
      const silent = value('fengsui_devices{state="silent"}');
      const all = silent + value('fengsui_devices{state="online"}') + value('fengsui_devices{state="offline"}');
      return warn(silent > SILENT_SHARE * all, `${silent} of ${all} devices are silent`);
    },
    well: (value) => `${value('fengsui_devices{state="silent"}')} devices are silent`,
    remedy: 'see what they have in common: gateway, venue, network; GET /api/v1/devices?state=silent lists them',
  },
  fault('self-test', 'selfTestMissed', 'devices have missed their self-test', 'order selfTest, or send somebody'),
  fault('identity', 'clonedIdentity', 'credentials may be in two hands', 'find the second device, rotate the secret, then acknowledge and inspect the alarm'), // prettier-ignore
  fault('device clock', 'clockSuspect', 'devices have a clock that cannot be believed', 'set it; topic time tells ours'), // prettier-ignore
  {
    name: 'quarantine',
    wrong(value) {
      const senders = value('fengsui_faults{kind="malformedReports"}');
      const count = value('fengsui_quarantined_total');
      return warn(
        senders > 0 || count > 0,
        `${count} messages since the start, ${senders} devices send more than 20 a minute`,
      );
    },
    well: () => 'nothing unusable since the start',
    remedy: 'GET /api/v1/quarantine has them with the reason; docs/reference/errors.md says what each reason means',
  },
  {
    name: 'inbox',
    wrong(value) {
      const waiting = value('fengsui_inbox_waiting');
      return warn(waiting > 0, `${waiting} foreign messages wait for a mapping`);
    },
    well: () => 'every foreign message is read',
    remedy: 'open 外部接入 / Foreign sources and make the message a mapping',
  },
  {
    name: 'brokers',
    wrong(value) {
      const away = value('fengsui_broker_links{state="away"}');
      return warn(away > 0, `${away} outside brokers are away`);
    },
    well: (value) => `${value('fengsui_broker_links{state="connected"}')} outside brokers, all connected`,
    remedy: 'GET /api/v1/sources says why each is away',
  },
  {
    name: 'relays',
    wrong(value) {
      const away = value('fengsui_relay_links{state="away"}');
      return warn(away > 0, `${away} centres that frames are passed on to are away`);
    },
    well: (value) =>
      `${value('fengsui_relay_links{state="connected"}')} centres that frames are passed on to, none away`,
    remedy: 'GET /api/v1/relays says why; what is owed is kept until the centre is back',
  },
  {
    name: 'work',
    wrong(value) {
      const overdue = value('fengsui_work_orders{state="overdue"}');
      return warn(
        overdue > 0,
        `${overdue} of ${value('fengsui_work_orders{state="open"}')} open work orders are overdue`,
      );
    },
    well: (value) => `${value('fengsui_work_orders{state="open"}')} open work orders, none overdue`,
    remedy: 'assign, repair or postpone them; fengsui work list marks them LATE',
  },
  {
    name: 'commands',
    wrong(value) {
      const waiting = value('fengsui_commands_waiting');
      return warn(waiting > COMMANDS_WAITING, `${waiting} commands wait for their reply`);
    },
    well: (value) => `${value('fengsui_commands_waiting')} wait for their reply`,
    remedy: 'terminals hear them and do not answer: see one of them with fengsui terminal doctor',
  },
];

/** @param text of /metrics. Each finding that is not ok says what to do. */
export function judgeMetrics(text: string): readonly DoctorFinding[] {
  const values = readMetrics(text);
  const value: Values = (name, otherwise = 0) => values.get(name) ?? otherwise;
  return checks.map(({ name, wrong, well, remedy }): DoctorFinding => {
    const found = wrong(value);
    return found === undefined ? { name, state: 'ok', detail: well(value) } : { name, ...found, remedy };
  });
}
