import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReleaseManifest, UpdateState } from '@fengsui/protocol';
import fc from 'fast-check';
import type { NewEntry } from '../journal/entry.ts';
import { partitionOf } from '../journal/partition.ts';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import type { RegistryChange } from '../registry/registry-change.ts';
import { deviceRecord, event, house, session, T0 } from '../situation/entries.fixture.ts';
import type { CommandActMeta } from '../situation/operator-act.ts';
import { SituationFeed } from '../situation/situation-feed.fixture.ts';
import type { KeptRollout, KeptRolloutDevice } from './kept-rollout.ts';
import type { RolloutAct } from './rollout-act.ts';
import { lookTimerId } from './rollout-life.ts';
import { stageSizes, turnOrder } from './stage-plan.ts';

const manifest: ReleaseManifest = {
  format: 'fengsui-release',
  schemaVersion: 1,
  kind: 'model',
  name: 'm',
  version: '2',
  sha256: 'a'.repeat(64),
  bytes: 10,
  requires: {},
  notes: { zh: '', en: '' },
  createdAt: T0,
  keyId: '0'.repeat(16),
  signature: 'A'.repeat(86),
};
const RELEASE = 'model-m-2';
const OBSERVE_MS = 10_000;

/** One rollout over terminals that are all connected; each step is one entry of the journal. */
class Field {
  readonly feed: SituationFeed;
  readonly ids: readonly string[];
  now = T0;
  #acts = 0;
  #seq = 0;

  constructor(count: number) {
    this.ids = Array.from({ length: count }, (_, index) => `T${index}`);
    const devices = this.ids.map((id): RegistryChange => ({ kind: 'devicePut', device: deviceRecord(id) }));
    this.feed = new SituationFeed([...house.slice(0, 3), ...devices]);
    for (const [index, id] of this.ids.entries()) this.feed.bulk(session(id, 'opened', index + 1, { receivedAt: T0 }));
    this.act({ kind: 'releaseAdd', releaseId: RELEASE, manifest });
    this.act({ kind: 'releaseFile', releaseId: RELEASE });
  }

  get rollout(): KeptRollout {
    const [rollout] = this.feed.situation.rollouts.rollouts.values();
    assert.ok(rollout);
    return rollout;
  }

  get devices(): readonly KeptRolloutDevice[] {
    return [...this.feed.situation.rollouts.devicesOf(this.rollout.id)];
  }

  deviceAt(turn: number): KeptRolloutDevice {
    const device = this.devices[turn];
    assert.ok(device, `nobody has turn ${turn}`);
    return device;
  }

  #append(meta: object): string {
    const entry: NewEntry = { kind: 'operatorAct', partition: partitionOf(''), appendedAt: this.now, meta };
    const { acts } = this.feed.alarm(entry);
    const outcome = acts[0]?.outcome;
    return outcome?.kind === 'refused' ? outcome.code : (outcome?.kind ?? 'nothing');
  }

  act(act: RolloutAct): string {
    return this.#append({ actId: `a${++this.#acts}`, venueId: '', by: 'p', at: this.now, isRollout: true, act });
  }

  begin(): void {
    const limits = { observeMs: OBSERVE_MS, deviceTimeoutMs: 60_000, mostFailedShare: 0.02, mostSilentShare: 0.05 };
    const outcome = this.act({
      kind: 'rolloutStart',
      releaseId: RELEASE,
      group: { kind: 'all' },
      ...limits,
      note: 'n',
    });
    assert.equal(outcome, 'rolledOut');
  }

  /** Somebody tries to tell a device; the centre decides. */
  tell(deviceId: string, name = 'update'): string {
    const about = name === 'update' ? { manifest } : { kind: 'model', version: '2' };
    const meta: CommandActMeta = {
      actId: `c${++this.#acts}`,
      venueId: 'V1',
      by: 'p',
      at: this.now,
      isReachable: true,
      act: { kind: 'command', deviceId, name, args: { rolloutId: this.rollout.id, ...about }, reason: 'r' },
      expiresAt: this.now + 30_000,
    };
    return this.#append(meta);
  }

  says(deviceId: string, state: UpdateState, version = '2'): void {
    const { id: rolloutId } = this.rollout;
    const said = { schema: 'update/1', rolloutId, kind: 'model', name: 'm', version, state, running: '2' };
    const message = {
      epoch: 'e',
      seq: ++this.#seq,
      at: this.now,
      kind: 'update',
      active: true,
      level: 'attention',
    } as const;
    this.feed.alarm(event(deviceId, { ...message, evidence: said }, { receivedAt: this.now }));
  }

  /** The rollout's own timer, when it is set. */
  look(laterMs: number): void {
    this.now += laterMs;
    if (this.feed.timers.has(lookTimerId(this.rollout.id))) this.feed.fire(lookTimerId(this.rollout.id), this.now);
  }

  decide(kind: 'rolloutStop' | 'rolloutResume' | 'rolloutRollBack'): string {
    return this.act({ kind, rolloutId: this.rollout.id, note: 'n' });
  }

  /** Everybody of the present stage runs it, and the observation is over. */
  finishStage(): void {
    for (const { deviceId, stage, state } of this.devices) {
      if (stage > this.rollout.stage || state === 'running') continue;
      this.tell(deviceId);
      this.says(deviceId, 'running');
    }
    this.look(OBSERVE_MS + 1);
  }
}

test('stages are 1 %, 10 % and all of the devices, at least one each', () => {
  const sizes = (count: number): number[] => stageSizes(count).map(({ deviceCount }) => deviceCount);
  assert.deepEqual(sizes(1), [1]);
  assert.deepEqual(sizes(2), [1, 1]);
  assert.deepEqual(sizes(3), [1, 1, 1]);
  assert.deepEqual(sizes(30), [1, 2, 27]);
  assert.deepEqual(sizes(100), [1, 9, 90]);
  assert.deepEqual(sizes(18_000), [180, 1_620, 16_200]);
});

test('turns are by hash, another with each rollout, the same each time, and delicate places come last', () => {
  const candidates = Array.from({ length: 40 }, (_, index) => ({ id: `d${index}`, isDelicate: index < 10 }));
  const [one, again, other] = ['r1', 'r1', 'r2'].map((id) => turnOrder(id, candidates));
  assert.deepEqual(one, again);
  assert.notDeepEqual(one, other);
  assert.ok(one?.slice(0, 30).every(({ isDelicate }) => !isDelicate));
});

test('a rollout goes on when all of a stage run it for the observation, and is done after the last', () => {
  const field = new Field(30);
  field.begin();
  assert.deepEqual(
    field.rollout.stages.map(({ deviceCount }) => deviceCount),
    [1, 2, 27],
  );
  const { deviceId } = field.deviceAt(0);
  assert.equal(field.tell(deviceId), 'commanded');
  field.look(OBSERVE_MS + 1);
  assert.equal(field.rollout.stage, 0, 'told is not done');
  field.says(deviceId, 'running');
  field.look(OBSERVE_MS - 1);
  assert.equal(field.rollout.stage, 0, 'the observation is not over');
  field.look(2);
  assert.equal(field.rollout.stage, 1);
  field.finishStage();
  field.finishStage();
  assert.equal(field.rollout.state, 'done');
  assert.equal(field.feed.timers.has(lookTimerId(field.rollout.id)), false, 'nothing of it is left');
});

test('one failure stops the first stage; later, more than the share that is tolerated; a person resumes it', () => {
  const field = new Field(200);
  field.begin();
  const first = field.deviceAt(0).deviceId;
  field.tell(first);
  field.says(first, 'failed');
  assert.deepEqual([field.rollout.state, field.rollout.stopped?.reason], ['stopped', 'failures']);
  assert.deepEqual(
    field.feed.open('rolloutStopped').map(({ deviceId }) => deviceId),
    [`rollout:${field.rollout.id}`],
  );
  assert.equal(field.tell(field.deviceAt(1).deviceId), 'notInRollout');
  assert.equal(field.decide('rolloutResume'), 'rolledOut');
  assert.ok(field.feed.open('rolloutStopped').every(({ state }) => state === 'returnedUnacknowledged'));
  field.finishStage();
  field.finishStage();
  assert.equal(field.rollout.stage, 2);
  // 2 % of 200 are four.
  const last = field.devices.filter(({ stage }) => stage === 2).map(({ deviceId }) => deviceId);
  for (const deviceId of last.slice(0, 4)) {
    field.tell(deviceId);
    field.says(deviceId, 'failed');
  }
  assert.equal(field.rollout.state, 'running');
  field.tell(last[4] ?? '');
  field.says(last[4] ?? '', 'failed');
  assert.equal(field.rollout.state, 'stopped');
});

test('a device without a result, one that falls silent and one that reports a fault of itself stop it', () => {
  const late = new Field(3);
  late.begin();
  late.tell(late.deviceAt(0).deviceId);
  late.look(60_001);
  assert.equal(late.deviceAt(0).code, 'noResult');
  assert.equal(late.rollout.stopped?.reason, 'failures');
  // What comes late counts all the same.
  late.says(late.deviceAt(0).deviceId, 'running');
  assert.equal(late.deviceAt(0).state, 'running');

  const silent = new Field(3);
  silent.begin();
  const quiet = silent.deviceAt(0).deviceId;
  silent.tell(quiet);
  silent.says(quiet, 'running');
  const state = { online: false, changedAt: silent.now, silentSince: silent.now + 1 };
  silent.feed.situation.deviceStates.set(quiet, state);
  silent.look(2_000);
  assert.equal(silent.rollout.stopped?.reason, 'silence');

  const faulty = new Field(3);
  faulty.begin();
  const sick = faulty.deviceAt(0).deviceId;
  faulty.tell(sick);
  faulty.says(sick, 'running');
  const fault = {
    epoch: 'f',
    seq: 1,
    at: faulty.now + 1,
    kind: 'fault',
    point: '',
    active: true,
    level: 'warning',
  } as const;
  faulty.feed.alarm(event(sick, fault, { receivedAt: faulty.now + 1 }));
  faulty.look(2_000);
  assert.equal(faulty.rollout.stopped?.reason, 'unhealthy');
});

test('a roll-back tells those that took it and nobody else, and is over when all have gone back', () => {
  const field = new Field(30);
  field.begin();
  field.finishStage();
  assert.equal(field.decide('rolloutRollBack'), 'rolledOut');
  assert.equal(field.tell(field.deviceAt(1).deviceId), 'notInRollout');
  const took = field.deviceAt(0).deviceId;
  assert.equal(field.tell(took, 'updateRollBack'), 'commanded');
  assert.equal(field.rollout.state, 'rollingBack');
  // Of the first stage, or of a later one.
  for (const { deviceId, tries } of field.devices)
    if (tries === 0) assert.equal(field.tell(deviceId, 'updateRollBack'), 'notInRollout');
  field.says(took, 'rolledBack');
  assert.equal(field.rollout.state, 'rolledBack');
  assert.equal(field.rollout.stages[0]?.counts.rolledBack, 1);
});

/** What the model of the rollout knows: how many have had their turn, counted by itself. */
type Step = (field: Field, pick: number) => void;
const steps: Readonly<Record<string, Step>> = {
  tell: (field, pick) => void field.tell(field.ids[pick % field.ids.length] ?? ''),
  tellBack: (field, pick) => void field.tell(field.ids[pick % field.ids.length] ?? '', 'updateRollBack'),
  runs: (field, pick) => field.says(field.ids[pick % field.ids.length] ?? '', 'running'),
  fails: (field, pick) => field.says(field.ids[pick % field.ids.length] ?? '', 'failed'),
  strange: (field, pick) => field.says(field.ids[pick % field.ids.length] ?? '', 'running', '9'),
  look: (field, pick) => field.look((pick % 15) * 1_000),
  stop: (field) => void field.decide('rolloutStop'),
  resume: (field) => void field.decide('rolloutResume'),
  rollBack: (field) => void field.decide('rolloutRollBack'),
  finishStage: (field) => field.finishStage(),
};
const usual = ['tell', 'tell', 'tell', 'runs', 'runs', 'fails', 'look', 'look', 'finishStage'];

test('whatever happens, no more than the share of the stage is told, and nobody while it is stopped', () => {
  const step = fc.tuple(fc.constantFrom(...usual, ...Object.keys(steps)), fc.nat(1_000));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.array(step, { maxLength: 60 }), (count, taken) => {
      const field = new Field(count);
      field.begin();
      const shares = [0.01, 0.1, 1];
      const told = (): number => field.devices.filter(({ tries }) => tries > 0).length;
      for (const [name, pick] of taken) {
        const before = { told: told(), state: field.rollout.state };
        steps[name]?.(field, pick);
        const { stage, stages, state } = field.rollout;
        if (state === 'rolledBack') return;
        // By the share itself, or one more than the stage before: at least one device each.
        const mostByShare = Math.ceil(
          Math.round((shares[Math.min(2, stage + (3 - stages.length))] ?? 1) * count * 1e6) / 1e6,
        );
        assert.ok(told() <= Math.max(mostByShare, stage + 1), `${told()} of ${count} told in stage ${stage}`);
        if (before.state === 'stopped' && name !== 'resume' && name !== 'finishStage')
          assert.equal(told(), before.told);
        if (before.state === 'stopped' && name === 'finishStage') assert.equal(told(), before.told);
        for (const [index, { counts, deviceCount }] of stages.entries()) {
          const sum = Object.values(counts).reduce((total, number) => total + number, 0);
          assert.equal(sum, deviceCount);
          const own = field.devices.filter((device) => device.stage === index && device.state === 'failed').length;
          if (field.devices.length > 0) assert.equal(counts.failed, own);
        }
        const failed = stages.slice(0, stage + 1).reduce((sum, { counts }) => sum + counts.failed, 0);
        const turned = stages.slice(0, stage + 1).reduce((sum, { deviceCount }) => sum + deviceCount, 0);
        if (state === 'running') assert.ok(failed <= (stage === 0 ? 0 : 0.02 * turned), `${failed} failed and it runs`);
      }
    }),
    propertySettings(150),
  );
});
