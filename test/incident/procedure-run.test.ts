import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomStream } from '@fengsui/city';
import { procedureSteps, type ProcedureStep } from '@fengsui/protocol';
import type { IncidentAct } from '../../apps/centre/src/incident/incident-act.ts';
import type { KeptIncident } from '../../apps/centre/src/incident/kept-incident.ts';
import { limitOf } from '../../apps/centre/src/incident/procedure-limits.ts';
import { standingsOf } from '../../apps/centre/src/incident/procedure.ts';
import { partitionOf } from '../../apps/centre/src/journal/partition.ts';
import type { RegistryChange } from '../../apps/centre/src/registry/registry-change.ts';
import { act, deviceRecord, event, T0 } from '../../apps/centre/src/situation/entries.fixture.ts';
import { SituationFeed } from '../../apps/centre/src/situation/situation-feed.fixture.ts';

const VENUES = 120;
const SEATS = ['zhang', 'wang', 'li'] as const;
/** Six fires a seat and hour: as many rows as the alarm budget allows (EEMUA 191), and each of them a fire. */
const BUDGET_PER_HOUR = 6 * SEATS.length;

/**
 * Three seats, one queue, and a clock that the test sets. What people take is drawn from the ranges
 * below, which are ours and no measurement of anybody; what the centre takes is nothing here (its own figures:
 * docs/benchmarks.md, and `npm test -- test/incident/fire-command` for the message).
 */
const drawn = {
  noticed: [2_000, 7_000],
  dialled: [3_000, 6_000],
  answered: [2_000, 9_000],
  spoken: [15_000, 60_000],
  received: [150, 900],
  telephoned: [25_000, 60_000],
  written: [15_000, 45_000],
} as const;
const ANSWERS = 0.9;
const TRUE = 0.25;
const LINE_AWAY = 0.1;

const registry: readonly RegistryChange[] = [
  { kind: 'organisationPut', organisation: { id: 'O1', kind: 'venueOwner', name: 'O1', demo: false } },
  ...Array.from({ length: VENUES }, (_, index): RegistryChange[] => {
    const id = `V${index}`;
    const venue = { id, name: id, class: 'office', organisationId: 'O1', origin: 'live' } as const;
    const device = deviceRecord(`S${index}`, { model: 'generic-smoke', venueId: id, reportingIntervalMs: 60_000 });
    return [
      { kind: 'venuePut', venue },
      { kind: 'devicePut', device },
    ];
  }).flat(),
];

/** What is done when; one clock for everybody. */
class Night {
  readonly feed = new SituationFeed(registry);
  readonly random = new RandomStream(2611, 'procedure run');
  /** As it was last, closed ones included. */
  readonly incidents = new Map<string, KeptIncident>();
  readonly lateLines = new Set<string>();
  /** What the script did, ms after our receipt of the alarm; `reported` after the verdict. */
  readonly done = new Map<string, number>();
  readonly #due: { readonly at: number; readonly run: (at: number) => void }[] = [];
  readonly #waiting: string[] = [];
  readonly #free: string[] = [...SEATS];
  refusedCount = 0;
  #acts = 0;

  takes(what: keyof typeof drawn): number {
    const [least, most] = drawn[what];
    return Math.round(this.random.between(least, most));
  }

  at(at: number, run: (at: number) => void): void {
    this.#due.push({ at, run });
  }

  run(): void {
    for (;;) {
      this.#due.sort((a, b) => a.at - b.at);
      const next = this.#due.shift();
      const timers = [...this.feed.timers.values()].filter(({ purpose }) => purpose.kind === 'incidentLate');
      const [timer] = timers.toSorted((a, b) => a.dueAt - b.dueAt);
      if (timer !== undefined && timer.dueAt <= (next?.at ?? Infinity)) {
        if (next !== undefined) this.#due.push(next);
        this.#note(this.feed.fire(timer.id));
        continue;
      }
      if (next === undefined) return;
      next.run(next.at);
    }
  }

  #note({ incidents, incidentSteps }: ReturnType<SituationFeed['alarm']>): void {
    for (const [id, incident] of incidents) this.incidents.set(id, incident);
    for (const { incidentId, step } of incidentSteps)
      if (step.kind === 'late') this.lateLines.add(`${incidentId} ${String(step.detail?.['step'])}`);
  }

  alarm(number: number, at: number): void {
    const smoke = { epoch: 'n', seq: 1, at, kind: 'smoke', point: '', active: true, level: 'alarm' } as const;
    this.#note(this.feed.alarm(event(`S${number}`, smoke, { receivedAt: at, venueId: `V${number}` })));
    const incident = this.feed.situation.incidents.ofVenue(`V${number}`, 'live');
    assert.ok(incident);
    this.#mark(incident.id, 'displayed', at, at + 700);
    this.at(at + 700, (now) => this.does(incident.id, 'seat', now, { kind: 'display' }));
    this.#waiting.push(incident.id);
    this.at(at + 700, (now) => this.#sit(now));
  }

  does(incidentId: string, by: string, at: number, given: object): string {
    const revision = this.feed.situation.incidents.get(incidentId)?.revision ?? 1;
    const venueId = this.incidents.get(incidentId)?.place.venueId ?? '';
    const said = { ...given, incidentId, revision } as IncidentAct;
    const meta = { actId: `act ${++this.#acts}`, venueId, by, at, isIncident: true, act: said } as const;
    const entry = { kind: 'operatorAct', partition: partitionOf(venueId), appendedAt: at, meta } as const;
    const effects = this.feed.alarm(entry);
    this.#note(effects);
    const outcome = effects.acts[0]?.outcome;
    if (outcome?.kind === 'refused') {
      this.refusedCount++;
      return outcome.code;
    }
    return 'done';
  }

  #mark(id: string, step: ProcedureStep, from: number, at: number): void {
    this.done.set(`${id} ${step}`, at - from);
  }

  /** Whoever is free has what waits for longest. */
  #sit(now: number): void {
    const seat = this.#waiting.length > 0 ? this.#free.shift() : undefined;
    const id = seat === undefined ? undefined : this.#waiting.shift();
    const incident = this.incidents.get(id ?? '');
    if (seat === undefined || id === undefined || incident === undefined) return;
    const received = incident.openedAt;
    const other = SEATS.find((one) => one !== seat) ?? seat;
    this.at(now + this.takes('noticed'), (at) => {
      this.#mark(id, 'acknowledged', received, at);
      const alarmId = incident.alarms[0]?.alarmId ?? '';
      const { venueId } = incident.place;
      this.#note(this.feed.alarm(act(alarmId, { kind: 'acknowledge' }, { actId: `ack ${id}`, at, by: seat, venueId })));
      // The neighbour saw the same line and was a moment later.
      assert.equal(this.does(id, other, at, { kind: 'take' }), 'ownedByAnother');
      this.#dial(id, seat, at);
    });
  }

  #dial(id: string, seat: string, now: number): void {
    const answers = this.random.between(0, 1) < ANSWERS;
    this.at(now + this.takes('dialled') + this.takes('answered'), (at) => {
      this.does(id, seat, at, { kind: 'call', whom: 'duty room', outcome: answers ? 'answered' : 'noAnswer' });
      if (!answers) return this.#dial(id, seat, at);
      this.#mark(id, 'firstWord', this.#received(id), at);
      this.at(at + this.takes('spoken'), (then) => this.#judge(id, seat, then));
    });
  }

  #judge(id: string, seat: string, at: number): void {
    const isTrue = this.random.between(0, 1) < TRUE;
    const verdict = { kind: 'verify', verdict: isTrue ? 'true' : 'false', means: 'call', seenCount: 1 };
    assert.equal(this.does(id, seat, at, verdict), 'done');
    this.#mark(id, 'verified', this.#received(id), at);
    if (!isTrue) return this.#close(id, seat, at);
    const isAway = this.random.between(0, 1) < LINE_AWAY;
    const tookMs = this.takes(isAway ? 'telephoned' : 'received');
    this.#mark(id, 'reported', at, at + tookMs);
    this.at(at + tookMs, (then) => {
      if (isAway) this.does(id, seat, then, { kind: 'tell', answeredBy: '119 seat 4' });
      else this.#receipt(id, then);
      this.#close(id, seat, then);
    });
  }

  /** As the courier says it. */
  #receipt(incidentId: string, at: number): void {
    const incident = this.incidents.get(incidentId);
    const messageId = incident?.report?.messageId ?? '';
    const news = { kind: 'reportDelivered', messageId, receipt: '119-1' } as const;
    const meta = { timerId: 'fireMessage', firedAt: at, purpose: { kind: 'fireMessage', incidentId, news } as const };
    const partition = incident?.place.partition ?? 0;
    this.#note(this.feed.alarm({ kind: 'timerFired', partition, appendedAt: at, meta }));
  }

  #close(id: string, seat: string, now: number): void {
    this.at(now + this.takes('written'), (at) => {
      assert.equal(this.does(id, seat, at, { kind: 'close', cause: 'cooking', note: 'a pan' }), 'done');
      this.#free.push(seat);
      this.#sit(at);
    });
  }

  #received(id: string): number {
    return this.incidents.get(id)?.openedAt ?? NaN;
  }
}

test('the procedure, run by three seats with as many fires as they can bear: each step against its limit', () => {
  const rows = played(BUDGET_PER_HOUR);
  const first = rows.find(({ step }) => step === 'firstWord');
  assert.ok((first?.p95 ?? Infinity) <= 30, `first word with the venue: p95 ${first?.p95} s`);
  assert.ok(
    rows.some(({ late }) => late > 0),
    'a run in which nothing is ever late measures nothing',
  );
});

test('with three times as many it is said how late they are: no line is lost, nobody has one that is another’s', () => {
  const rows = played(3 * BUDGET_PER_HOUR);
  assert.ok(rows.some(({ step, late }) => step === 'firstWord' && late > 0));
});

/** Plays it, holds each incident against the script, and prints the table. */
function played(perHour: number) {
  const night = new Night();
  let at = T0;
  for (let number = 0; number < VENUES; number++) {
    night.at(at, (now) => night.alarm(number, now));
    at += Math.round(night.random.exponential(3_600_000 / perHour));
  }
  night.run();

  const incidents = [...night.incidents.values()];
  assert.equal(incidents.length, VENUES);
  assert.ok(incidents.every(({ state }) => state === 'closed'));
  assert.equal(night.refusedCount, VENUES, 'the neighbour, each time, and nobody else');
  const rows = procedureSteps.map((step) => rowOf(night, incidents, step));
  console.log(`${VENUES} incidents, ${perHour} an hour for ${SEATS.length} seats, seed 2611; seconds`);
  console.table(rows);
  return rows;
}

function rowOf(night: Night, incidents: readonly KeptIncident[], step: ProcedureStep) {
  const limit = limitOf(step, T0);
  const took: number[] = [];
  let late = 0;
  for (const incident of incidents) {
    const standing = standingsOf(incident).find((one) => one.step === step);
    const expected = night.done.get(`${incident.id} ${step}`);
    const measured =
      standing?.from === undefined || standing.doneAt === undefined ? undefined : standing.doneAt - standing.from;
    assert.equal(measured, expected, `${incident.id} ${step}`);
    const isLate = expected !== undefined && expected > limit.limitMs;
    assert.equal(night.lateLines.has(`${incident.id} ${step}`), isLate, `${incident.id} ${step}: ${expected} ms`);
    if (isLate) late++;
    if (measured !== undefined) took.push(measured);
  }
  const sorted = took.toSorted((a, b) => a - b);
  const quantile = (share: number): number => seconds(sorted[Math.ceil(share * sorted.length) - 1] ?? NaN);
  return {
    step,
    limit: seconds(limit.limitMs),
    text: limit.evidence,
    count: sorted.length,
    p50: quantile(0.5),
    p95: quantile(0.95),
    worst: quantile(1),
    late,
  };
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
