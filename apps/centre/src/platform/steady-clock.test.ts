import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from './property-settings.fixture.ts';
import { SteadyClock, type ClockChange } from './steady-clock.ts';

const T0 = Date.UTC(2026, 10, 22, 2);
const S = 1_000;
const HOUR = 3_600_000;

/** A machine whose clock can be set, and a centre's clock that beats every second. */
class Machine {
  at: number;
  elapsed = 5_000;
  readonly clock: SteadyClock;
  readonly told: ClockChange['state'][] = [];

  constructor(at = T0) {
    this.at = at;
    this.clock = new SteadyClock({ machineNow: () => this.at, monotonicNow: () => this.elapsed });
  }

  set(at: number): void {
    this.at = at;
  }

  run(seconds: number): this {
    for (let i = 0; i < seconds; i++) {
      this.at += S;
      this.elapsed += S;
      const change = this.clock.beat();
      if (change !== undefined) this.told.push(change.state);
    }
    return this;
  }
}

test('a clock that goes evenly is the machine’s, and what NTP corrects by milliseconds is followed at once', () => {
  const machine = new Machine().run(10);
  assert.equal(machine.clock.now(), machine.at);
  machine.set(machine.at + 40);
  machine.run(1);
  assert.equal(machine.clock.now(), machine.at);
  assert.deepEqual(machine.told, []);
});

for (const [name, byMs] of [
  ['an hour forwards', HOUR],
  ['an hour backwards', -HOUR],
  ['ten years forwards', 87_672 * HOUR],
  ['to 1970', -T0],
] as const) {
  test(`a jump ${name} and back is told and changes nothing`, () => {
    const machine = new Machine().run(10);
    machine.set(machine.at + byMs);
    const before = machine.clock.now();
    machine.run(120);
    assert.equal(machine.clock.now(), before + 120 * S, 'ours went on by its own count');
    machine.set(machine.at - byMs);
    machine.run(10);
    assert.equal(machine.clock.now(), T0 + 140 * S);
    assert.deepEqual(machine.told, ['away', 'back']);
  });
}

test('an hour that stays for ten minutes was a correction: it is followed once', () => {
  for (const byMs of [HOUR, -HOUR]) {
    const machine = new Machine().run(10);
    machine.set(machine.at + byMs);
    machine.run(600);
    assert.deepEqual(machine.told, ['away']);
    machine.run(5);
    assert.deepEqual(machine.told, ['away', 'followed']);
    assert.equal(machine.clock.now(), machine.at);
  }
});

test('a clock that is set once more meanwhile is waited for anew', () => {
  const machine = new Machine().run(10);
  machine.set(machine.at + HOUR);
  machine.run(500).set(machine.at + HOUR);
  machine.run(500);
  assert.deepEqual(machine.told, ['away']);
  machine.run(200);
  assert.deepEqual(machine.told, ['away', 'followed']);
});

test('ten years and 1970 are never followed while the centre runs', () => {
  for (const at of [T0 + 87_672 * HOUR, 0]) {
    const machine = new Machine().run(10);
    machine.set(at);
    machine.run(3_600);
    assert.deepEqual(machine.told, ['away']);
    assert.equal(machine.clock.now(), T0 + 3_610 * S);
  }
});

test('a machine that starts in 1970 goes on from the last record and takes the first time that can be right', () => {
  const machine = new Machine(20 * S);
  assert.equal(machine.clock.start(T0)?.state, 'away');
  machine.run(30);
  assert.equal(machine.clock.now(), T0 + 30 * S);
  machine.set(T0 + 3 * 24 * HOUR);
  machine.run(1);
  assert.deepEqual(machine.told, ['followed']);
  assert.equal(machine.clock.now(), machine.at);
});

test('a clock that was put back while the centre was down is taken over at the start, and told', () => {
  const machine = new Machine();
  assert.deepEqual(machine.clock.start(T0 + HOUR), { state: 'followed', centreAt: T0 + HOUR, machineAt: T0 });
  assert.equal(machine.clock.now(), T0);
  assert.equal(new Machine().clock.start(T0 - HOUR), undefined, 'a centre that was down for an hour');
});

test('however a machine’s clock is set, ours never goes back without telling, nor faster than time by more than it told', () => {
  const jumps = fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: -2 * HOUR, max: 2 * HOUR })), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(jumps, (list) => {
      const machine = new Machine();
      for (const [seconds, byMs] of list) {
        machine.set(machine.at + byMs);
        for (let i = 0; i < seconds; i++) {
          const [before, told] = [machine.clock.now(), machine.told.length];
          machine.run(1);
          const went = machine.clock.now() - before;
          if (machine.told.slice(told).includes('followed')) continue;
          assert.ok(went >= 0 && went <= 1_000 + 2_000, `went ${went} ms in a second`);
        }
      }
    }),
    propertySettings(100),
  );
});
