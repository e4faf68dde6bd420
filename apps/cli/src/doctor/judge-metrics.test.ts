import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeMetrics, readMetrics } from './judge-metrics.ts';

/** A centre with 100 devices where all is well. */
const well: Readonly<Record<string, number>> = {
  'fengsui_devices{state="online"}': 98,
  'fengsui_devices{state="silent"}': 2,
  'fengsui_gb26875_devices{state="connected"}': 3,
  'fengsui_gb26875_devices{state="away"}': 0,
  fengsui_clock_machine_ahead_seconds: 0.02,
  fengsui_timers: 40,
  fengsui_disk_free_bytes: 5e9,
  fengsui_disk_reserve_bytes: 5e8,
  'fengsui_function{name="backup"}': 1,
};

const text = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .flatMap(([name, value]) => [`# HELP ${name} words`, `${name} ${value}`])
    .join('\n');

const wrongWith = (change: Readonly<Record<string, number>>): readonly string[] =>
  judgeMetrics(text({ ...well, ...change }))
    .filter(({ state }) => state !== 'ok')
    .map(({ name, state }) => `${name} ${state}`);

test('values are read with their labels, words are passed over', () => {
  assert.deepEqual(
    [...readMetrics('# HELP a b\na 1\nb{lane="alarm"} 2.5\nnonsense\nc NaN\n\nd -3\n')],
    [
      ['a', 1],
      ['b{lane="alarm"}', 2.5],
      ['d', -3],
    ],
  );
});

test('when all is well nothing is warned of', () => {
  assert.deepEqual(wrongWith({}), []);
});

for (const [change, expected] of [
  [{ fengsui_troubles: 1 }, 'readiness fail'],
  [{ 'fengsui_journal_lag_seconds{lane="bulk"}': 11 }, 'journal warn'],
  [{ 'fengsui_journal_lag_seconds{lane="alarm"}': 121 }, 'journal fail'],
  [{ fengsui_lease_held: 0, fengsui_lease_remaining_seconds: 0 }, 'lease fail'],
  [{ fengsui_gateways: 0 }, 'gateways fail'],
  [{ fengsui_disk_free_bytes: 9e8 }, 'disk room warn'],
  [{ fengsui_disk_free_bytes: 4e8 }, 'disk room fail'],
  [{ 'fengsui_function{name="backup"}': 0 }, 'backup warn'],
  [{ fengsui_clock_machine_ahead_seconds: -3_600 }, 'clock warn'],
  [{ fengsui_canary_age_seconds: 101 }, 'canary warn'],
  [{ fengsui_canary_age_seconds: 241 }, 'canary fail'],
  [{ 'fengsui_commit_seconds{quantile="0.99"}': 2.5 }, 'store warn'],
  [{ fengsui_commits_total: 5, 'fengsui_function{name="screens"}': 0 }, 'feed warn'],
  [{ fengsui_timer_late_seconds: 11 }, 'timers warn'],
  [{ fengsui_mqtt_waiting: 1_001 }, 'mqtt warn'],
  [{ 'fengsui_gb26875_devices{state="away"}': 1 }, 'gb26875 warn'],
  [{ 'fengsui_devices{state="silent"}': 6 }, 'silence warn'],
  [{ 'fengsui_faults{kind="selfTestMissed"}': 1 }, 'self-test warn'],
  [{ 'fengsui_faults{kind="clonedIdentity"}': 1 }, 'identity warn'],
  [{ 'fengsui_faults{kind="clockSuspect"}': 1 }, 'device clock warn'],
  [{ fengsui_quarantined_total: 1 }, 'quarantine warn'],
  [{ fengsui_inbox_waiting: 1 }, 'inbox warn'],
  [{ 'fengsui_broker_links{state="away"}': 1 }, 'brokers warn'],
  [{ 'fengsui_relay_links{state="away"}': 1 }, 'relays warn'],
  [{ 'fengsui_work_orders{state="overdue"}': 1 }, 'work warn'],
  [{ fengsui_commands_waiting: 51 }, 'commands warn'],
] as const) {
  test(`${Object.keys(change).join()} is found, alone, and what to do is said: ${expected}`, () => {
    assert.deepEqual(wrongWith(change), [expected]);
    const remedies = judgeMetrics(text({ ...well, ...change })).filter(({ state }) => state !== 'ok');
    for (const { remedy = '', detail } of remedies)
      assert.ok(remedy.length > 10 && /\d|not taken/.test(detail), detail);
  });
}

test('a centre at whose seats nobody has heard the sound is warned of; one seat that was heard is enough', () => {
  const untried = { 'fengsui_seats{sound="untried"}': 2, 'fengsui_seats{sound="none"}': 1 };
  assert.deepEqual(wrongWith(untried), ['seats warn']);
  assert.deepEqual(wrongWith({ ...untried, 'fengsui_seats{sound="tried"}': 1 }), []);
});
