import assert from 'node:assert/strict';
import { test } from 'node:test';
import { venueLifeOf, type SignatureCapacity, type TestOutcome, type VenueLifeState } from '@fengsui/protocol';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { Registry } from '../registry/registry.ts';
import { applyAct } from '../situation/apply-act.ts';
import { applyRegistryChange } from '../situation/apply-registry-change.ts';
import { Effects } from '../situation/effects.ts';
import { deviceRecord, house, T0 } from '../situation/entries.fixture.ts';
import { Situation } from '../situation/situation.ts';
import { acceptanceContent, contentSha256 } from './acceptance-content.ts';
import type { CommissioningAct } from './commissioning-act.ts';
import { setTestTimers, testTimerFired } from './run-test.ts';

const VENUE = 'V2';
const DETECTORS = ['A', 'B'] as const;
type Detector = (typeof DETECTORS)[number];
const MINUTE = 60_000;

/** The centre with one venue of two detectors, and a clock that the test turns. */
class Ground {
  readonly situation = new Situation(new Registry());
  now = T0;
  #acts = 0;

  constructor() {
    for (const change of house) this.#change(change);
    // D9 is a terminal; the venue of this test has two detectors alone.
    this.#change({ kind: 'devicePut', device: deviceRecord('D9', { venueId: 'V1' }) });
    for (const id of DETECTORS)
      this.#change({ kind: 'devicePut', device: deviceRecord(id, { venueId: VENUE, model: 'generic-smoke' }) });
    this.rename('V2', 'planned');
  }

  #change(change: (typeof house)[number]): void {
    applyRegistryChange(this.situation, new Effects(), change, this.now);
  }

  rename(name: string, life = this.life): void {
    const { registry } = this.situation;
    const venue = registry.venue(VENUE);
    assert.ok(venue);
    this.#change({ kind: 'venuePut', venue: { ...venue, name, life } });
  }

  get life(): VenueLifeState {
    return venueLifeOf(this.situation.registry.venue(VENUE) ?? {});
  }

  get test() {
    return this.situation.commissioning.tests.get(VENUE);
  }

  get acceptance() {
    return this.situation.commissioning.acceptances.get(this.test?.id ?? '');
  }

  act(act: CommissioningAct, by = 'wang'): string {
    const effects = new Effects();
    const meta = {
      actId: `act-${++this.#acts}`,
      venueId: VENUE,
      by,
      at: this.now,
      isCommissioning: true,
      act,
    } as const;
    applyAct(this.situation, effects, meta, this.situation.registry.partitionOf(VENUE));
    const outcome = effects.acts[0]?.outcome;
    return outcome?.kind === 'refused' ? outcome.code : (outcome?.kind ?? 'nothing');
  }

  /** Smoke begins, or is gone. */
  smoke(deviceId: Detector, isThere: boolean): void {
    const device = this.situation.registry.device(deviceId);
    assert.ok(device);
    const statement = isThere
      ? ({
          kind: 'sourceActive',
          source: 'device',
          level: 'alarm',
          pointId: 'smoke',
          at: this.now,
          receivedAt: this.now,
          entryId: `alarm:${this.now}`,
          origin: 'live',
          classification: { category: 'fire', priority: 'P1' },
        } as const)
      : ({ kind: 'sourceInactive', source: 'device', at: this.now, live: true } as const);
    this.situation.tell(this.situation.placeOf(device), deviceId, 'smoke', 'smoke', statement, new Effects());
  }

  originOf(deviceId: Detector): string | undefined {
    return this.situation.condition(`${deviceId}/smoke/smoke`)?.condition.alarm?.origin;
  }

  isActive(deviceId: Detector): boolean {
    return Object.keys(this.situation.condition(`${deviceId}/smoke/smoke`)?.condition.sources ?? {}).length > 0;
  }

  end(): void {
    const { test } = this;
    assert.ok(test);
    this.now = test.endsAt;
    testTimerFired(this.situation, new Effects(), { kind: 'testEnds', testId: test.id, venueId: VENUE }, test.endsAt);
  }
}

/** What should be so, told in a few words and nothing of the code under test. */
type Model = {
  life: VenueLifeState;
  isRunning: boolean;
  hasTest: boolean;
  results: Partial<Record<Detector, TestOutcome>>;
  name: string;
  /** What the newest acceptance says, as one text; signers by capacity. */
  paper:
    { readonly says: string; readonly passed: boolean; signed: Partial<Record<SignatureCapacity, string>> } | undefined;
};

const says = ({ results, name }: Model, ticks: readonly number[]): string => JSON.stringify([results, name, ticks]);

type Step =
  | { readonly do: 'move'; readonly to: VenueLifeState }
  | { readonly do: 'start' | 'end' | 'runOut' | 'make' }
  | { readonly do: 'smoke'; readonly detector: Detector; readonly isThere: boolean }
  | { readonly do: 'tick'; readonly detector: Detector; readonly outcome: TestOutcome }
  | { readonly do: 'rearm'; readonly detector: Detector }
  | { readonly do: 'rename'; readonly name: string }
  | { readonly do: 'sign'; readonly by: string; readonly capacity: SignatureCapacity };

const detector = fc.constantFrom(...DETECTORS);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      to: fc.constantFrom('planned', 'installed', 'tested', 'live'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('start', 'end', 'runOut', 'make') }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('smoke' as const), detector, isThere: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('tick' as const),
      detector,
      outcome: fc.constantFrom('passed', 'passed', 'failed'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rearm' as const), detector }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rename' as const), name: fc.constantFrom('饭店', 'V2') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('sign' as const),
      by: fc.constantFrom('wang', 'li'),
      capacity: fc.constantFrom('handOver', 'takeOver'),
    }),
  },
);

/** The way people are meant to go, so that the rare states are reached too. */
const wayToLive: readonly Step[] = [
  { do: 'move', to: 'installed' },
  { do: 'start' },
  { do: 'smoke', detector: 'A', isThere: true },
  { do: 'tick', detector: 'B', outcome: 'passed' },
  { do: 'end' },
  { do: 'make' },
  { do: 'sign', by: 'wang', capacity: 'handOver' },
  { do: 'sign', by: 'li', capacity: 'takeOver' },
  { do: 'move', to: 'live' },
];
const steps = fc.oneof(
  fc.array(step, { maxLength: 30 }),
  fc
    .tuple(fc.nat(wayToLive.length), fc.array(step, { maxLength: 20 }))
    .map(([n, more]) => [...wayToLive.slice(0, n), ...more]),
);

const may: Readonly<Record<VenueLifeState, readonly VenueLifeState[]>> = {
  planned: ['installed'],
  installed: ['planned'],
  tested: ['installed', 'live'],
  live: ['installed'],
};

test('a venue becomes tested by two signatures under what is true and passed, and by nothing else, whatever people do', () => {
  const reached = new Set<VenueLifeState>();
  fc.assert(
    fc.property(steps, (course) => {
      const ground = new Ground();
      const model: Model = {
        life: 'planned',
        isRunning: false,
        hasTest: false,
        results: {},
        name: 'V2',
        paper: undefined,
      };
      for (const one of course) {
        ground.now += MINUTE;
        play(ground, model, one);
        assert.equal(ground.life, model.life, JSON.stringify(one));
        assert.equal(ground.situation.commissioning.running(VENUE) !== undefined, model.isRunning, JSON.stringify(one));
        if (model.hasTest)
          for (const id of DETECTORS)
            assert.equal(
              ground.test?.points.find(({ deviceId }) => deviceId === id)?.result?.outcome,
              model.results[id],
            );
        assert.equal(ground.acceptance?.signatures.length ?? 0, Object.keys(model.paper?.signed ?? {}).length);
        // Without a test that runs there is no alarm that is active and counts as one of a test.
        if (!model.isRunning)
          for (const id of DETECTORS) if (ground.isActive(id)) assert.equal(ground.originOf(id), 'live');
        reached.add(ground.life);
      }
    }),
    propertySettings(400),
  );
  assert.deepEqual([...reached].sort(), ['installed', 'live', 'planned', 'tested']);
});

function play(ground: Ground, model: Model, one: Step): void {
  const testId = ground.test?.id ?? 'none';
  const ticks = (): readonly number[] => ground.test?.points.map(({ result }) => result?.at ?? 0) ?? [];
  switch (one.do) {
    case 'move': {
      const code = ground.act({ kind: 'venueLife', to: one.to, reason: 'r' });
      const isAllowed = may[model.life].includes(one.to) && !model.isRunning;
      assert.equal(code === 'commissioned', isAllowed, `${model.life} to ${one.to}: ${code}`);
      if (isAllowed) model.life = one.to;
      return;
    }
    case 'start': {
      const isAllowed = model.life !== 'planned' && !model.isRunning;
      const code = ground.act({ kind: 'testStart', minutes: 60, reason: 'r' });
      assert.equal(code === 'commissioned', isAllowed, code);
      if (isAllowed) Object.assign(model, { isRunning: true, hasTest: true, results: {}, paper: undefined });
      return;
    }
    case 'end':
    case 'runOut':
      if (one.do === 'runOut' && model.isRunning) ground.end();
      else assert.equal(ground.act({ kind: 'testEnd', testId }) === 'commissioned', model.isRunning);
      model.isRunning = false;
      return;
    case 'smoke': {
      const wasOpen =
        model.isRunning && model.results[one.detector] === undefined && ground.now < (ground.test?.endsAt ?? 0);
      const wasTest = ground.originOf(one.detector) === 'test' && ground.isActive(one.detector);
      ground.smoke(one.detector, one.isThere);
      if (!one.isThere) return;
      if (wasOpen) model.results[one.detector] = 'passed';
      // A live alarm stays live, also when its point is ticked by what it says again.
      if (!wasOpen && !wasTest) assert.equal(ground.originOf(one.detector), 'live', 'outside the test it is real');
      return;
    }
    case 'tick': {
      const { detector: deviceId, outcome } = one;
      const code = ground.act({ kind: 'pointTick', testId, deviceId, point: '', outcome, reason: 'r' });
      assert.equal(code === 'commissioned', model.hasTest, code);
      if (model.hasTest) model.results[deviceId] = outcome;
      return;
    }
    case 'rearm': {
      const code = ground.act({ kind: 'pointRearm', testId, deviceId: one.detector, point: '' });
      assert.equal(code === 'commissioned', model.isRunning, code);
      if (model.isRunning) delete model.results[one.detector];
      return;
    }
    case 'rename':
      ground.rename(one.name);
      model.name = one.name;
      return;
    case 'make': {
      const isAllowed = model.hasTest && !model.isRunning;
      const code = ground.act({ kind: 'acceptanceMake', testId });
      assert.equal(code === 'commissioned', isAllowed, code);
      const now = says(model, ticks());
      if (!isAllowed || model.paper?.says === now) return;
      const passed = DETECTORS.every((id) => model.results[id] === 'passed');
      model.paper = { says: now, passed, signed: {} };
      return;
    }
    case 'sign': {
      const { by, capacity } = one;
      const { version = 1, sha256 = '' } = ground.acceptance ?? {};
      const code = ground.act({ kind: 'acceptanceSign', testId, version, sha256, capacity, name: by }, by);
      const { paper } = model;
      const isAllowed =
        paper !== undefined &&
        !model.isRunning &&
        paper.says === says(model, ticks()) &&
        paper.signed[capacity] === undefined &&
        !Object.values(paper.signed).includes(by);
      assert.equal(code === 'commissioned', isAllowed, code);
      if (!isAllowed) return;
      paper.signed[capacity] = by;
      if (Object.keys(paper.signed).length === 2 && paper.passed && model.life === 'installed') model.life = 'tested';
      return;
    }
  }
}

test('smoke that lasts beyond the echo of its test is real', () => {
  const ground = onTest();
  ground.smoke('A', true);
  assert.equal(ground.originOf('A'), 'test');
  ground.now += 9 * MINUTE;
  ground.smoke('A', true);
  assert.equal(ground.originOf('A'), 'test', 'the detector repeats itself while it is full of smoke');
  ground.now += 2 * MINUTE;
  ground.smoke('A', true);
  assert.equal(ground.originOf('A'), 'live', 'ten minutes are more than a test takes');
});

test('a real alarm that was there before the test stays real when its point is ticked by it', () => {
  const ground = new Ground();
  ground.smoke('A', true);
  ground.act({ kind: 'venueLife', to: 'installed', reason: 'r' });
  ground.now += MINUTE;
  ground.act({ kind: 'testStart', minutes: 30, reason: 'r' });
  ground.now += MINUTE;
  ground.smoke('A', true);
  assert.equal(ground.originOf('A'), 'live');
});

test('a statement that was received before the test, or late, ticks nothing', () => {
  const ground = onTest();
  const before = ground.now - 10 * MINUTE;
  ground.now = before;
  ground.smoke('A', true);
  assert.equal(ground.originOf('A'), 'live');
  assert.equal(ground.test?.points[0]?.result, undefined);
});

test('a test that was extended does not end by its first timer', () => {
  const ground = onTest();
  const first = ground.test;
  assert.ok(first);
  ground.now += 10 * MINUTE;
  assert.equal(ground.act({ kind: 'testExtend', testId: first.id, minutes: 60 }), 'commissioned');
  const effects = new Effects();
  const purpose = { kind: 'testEnds', testId: first.id, venueId: VENUE } as const;
  testTimerFired(ground.situation, effects, purpose, first.endsAt);
  assert.equal(ground.test?.endedAt, undefined);
  assert.equal(effects.timersSet.get(`testEnds/${first.id}`)?.dueAt, ground.test?.endsAt, 'the later end still stands');
  assert.equal(ground.act({ kind: 'testExtend', testId: first.id, minutes: 480 }), 'testTooLong');
});

test('the warning comes before the end, and is taken back by an extension', () => {
  const ground = onTest();
  const { id = '', endsAt = 0 } = ground.test ?? {};
  const warn = (at: number): void =>
    testTimerFired(ground.situation, new Effects(), { kind: 'testWarns', testId: id, venueId: VENUE }, at);
  warn(endsAt - 9 * MINUTE);
  assert.equal(ground.test?.warned, true);
  ground.now += 40 * MINUTE;
  ground.act({ kind: 'testExtend', testId: id, minutes: 60 });
  assert.equal(ground.test?.warned, undefined);
  warn(endsAt - 9 * MINUTE);
  assert.equal(ground.test?.warned, undefined, 'the timer of the first end says nothing any more');
});

test('a short test that was extended in the middle of a second is warned of at a whole millisecond, as the store keeps it', () => {
  const { test } = onTest();
  assert.ok(test);
  const effects = new Effects();
  const endsAt = test.startedAt + 20 * MINUTE + 1;
  setTestTimers(effects, { ...test, endsAt });
  assert.equal(effects.timersSet.get(`testWarns/${test.id}`)?.dueAt, endsAt - 5 * MINUTE);
});

test('the content hash depends on what stands on the paper alone', () => {
  const ground = onTest();
  const { test } = ground;
  assert.ok(test);
  const hashOf = (): string => contentSha256(acceptanceContent(ground.situation.registry, test, test.endsAt));
  const first = hashOf();
  ground.rename('另一个名字');
  assert.notEqual(hashOf(), first);
  ground.rename('V2');
  assert.equal(hashOf(), first);
});

function onTest(): Ground {
  const ground = new Ground();
  ground.act({ kind: 'venueLife', to: 'installed', reason: 'r' });
  ground.now += MINUTE;
  assert.equal(ground.act({ kind: 'testStart', minutes: 60, reason: 'r' }), 'commissioned');
  ground.now += MINUTE;
  return ground;
}
