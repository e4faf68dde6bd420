import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { noFaults } from './faults.ts';
import { planFleet, type FleetOptions } from './fleet-plan.ts';
import { dueReport } from './schedule.ts';

const options: FleetOptions = {
  protocol: 'mqtt',
  seed: 1,
  prefix: 'p',
  deviceCount: 40,
  connectionCount: 40,
  ratePerS: 100,
  durationS: 20,
  alarming: 0.3,
  faults: noFaults,
};
const seeds = fc.integer({ min: 0, max: 0xffff_ffff });
const faults = { ...noFaults, duplicates: 0.2, lostAcks: 0.1, garbage: 0.1, silent: 0.2, skew: 0.3 };

test('the same seed plays the same fleet, in whatever order it is asked', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 100 }), (seed, deviceCount) => {
      const given = { ...options, seed, deviceCount, connectionCount: deviceCount, faults };
      const [one, other] = [planFleet(given), planFleet(given)];
      assert.deepEqual(one, other);
      const numbers = Array.from({ length: 200 }, (_, k) => k);
      const forwards = numbers.map((k) => dueReport(one, k));
      const backwards = numbers.toReversed().map((k) => dueReport(other, k));
      assert.deepEqual(forwards, backwards.toReversed());
    }),
    { numRuns: 50 },
  );
});

test('every device has its turn once a round, and reports are due in order at the total rate', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 60 }), (seed, deviceCount) => {
      const plan = planFleet({ ...options, seed, deviceCount, connectionCount: deviceCount });
      let before = 0;
      for (let round = 0; round < 3; round++) {
        const seen = new Set<number>();
        for (let k = round * deviceCount; k < (round + 1) * deviceCount; k++) {
          const due = dueReport(plan, k);
          assert.ok(due !== undefined);
          seen.add(due.device);
          assert.ok(
            due.dueMs >= before && due.dueMs >= k * 10 && due.dueMs < (k + 1) * 10,
            `report ${k}: ${due.dueMs} ms`,
          );
          before = due.dueMs;
        }
        assert.equal(seen.size, deviceCount);
      }
    }),
    { numRuns: 30 },
  );
});

test('what raises comes once per alarming device and before what clears; quiet devices do neither', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const plan = planFleet({ ...options, seed });
      const told = plan.devices.map((): string[] => []);
      for (let k = 0; k < 40 * 20; k++) {
        const due = dueReport(plan, k);
        if (due !== undefined && due.kind !== 'telemetry') told[due.device]?.push(due.kind);
      }
      plan.devices.forEach(({ alarm }, n) => {
        const expected = alarm === undefined ? [] : alarm.clearAt === undefined ? ['raise'] : ['raise', 'clear'];
        assert.deepEqual(told[n], expected);
      });
    }),
    { numRuns: 50 },
  );
});

test('a silent device sends three reports and no more', () => {
  const plan = planFleet({ ...options, faults: { ...noFaults, silent: 1 } });
  const reports = Array.from({ length: 400 }, (_, k) => dueReport(plan, k)).filter((due) => due !== undefined);
  assert.equal(reports.length, 3 * 40);
});

test('faults come in the share that is asked for', () => {
  const plan = planFleet({ ...options, deviceCount: 2_000, connectionCount: 2_000, faults });
  const reports = Array.from({ length: 6_000 }, (_, k) => dueReport(plan, k)).filter((due) => due !== undefined);
  const share = (count: number, of: number): number => count / of;
  // Four standard deviations of a binomial share at n = 6,000 and 2,000.
  const near = (value: number, wanted: number, n: number): void =>
    assert.ok(Math.abs(value - wanted) < 4 * Math.sqrt((wanted * (1 - wanted)) / n), `${value}, wanted ${wanted}`);
  near(share(reports.filter(({ isDuplicated }) => isDuplicated).length, reports.length), 0.2, 6_000);
  near(share(reports.filter(({ losesAck }) => losesAck).length, reports.length), 0.1, 6_000);
  near(share(reports.filter(({ bringsGarbage }) => bringsGarbage).length, reports.length), 0.1, 6_000);
  near(share(plan.devices.filter(({ skewMs }) => skewMs !== 0).length, 2_000), 0.3, 2_000);
  near(share(plan.devices.filter(({ silentAfter }) => silentAfter !== undefined).length, 2_000), 0.2, 2_000);
  near(share(plan.devices.filter(({ alarm }) => alarm !== undefined).length, 2_000), 0.3, 2_000);
});

test('fewer connections than devices are gateways, and every device stands behind one of them', () => {
  const plan = planFleet({ ...options, deviceCount: 10, connectionCount: 3 });
  assert.deepEqual(plan.gateways, ['p-g00001', 'p-g00002', 'p-g00003']);
  assert.deepEqual(
    plan.devices.map(({ connection }) => connection),
    [0, 1, 2, 0, 1, 2, 0, 1, 2, 0],
  );
});

test('a device is the same model whatever the seed: it is registered once and plays many runs', () => {
  const modelsOf = (seed: number): readonly string[] =>
    planFleet({ ...options, seed }).devices.map(({ model }) => model);
  assert.deepEqual(modelsOf(1), modelsOf(2));
  assert.ok(new Set(modelsOf(1)).size > 1);
});
