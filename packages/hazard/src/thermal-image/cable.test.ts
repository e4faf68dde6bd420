import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ambientAllowance,
  cableProblems,
  conductorTimeConstantS,
  currentCapacity,
  protectionFindings,
  type CableData,
} from './cable.ts';
import {
  capacityA,
  capacityTableSource,
  crossSectionsMm2,
  groupingFactors,
  installationMethods,
  resistanceAt20MilliohmPerM,
} from './capacity-table.ts';

const socket: CableData = { insulation: 'PVC', crossSectionMm2: 2.5, installationMethod: 'B1', loadedConductors: 2 };

test('a 2.5 mm² PVC pair in conduit carries 24 A at 30 °C', () => {
  assert.deepEqual(currentCapacity(socket), {
    capacityA: 24,
    tableA: 24,
    ambientFactor: 1,
    groupingFactor: 1,
    maxConductorC: 70,
    source: capacityTableSource,
  });
});

// Ampacities at ambient temperatures as a compressor maker's manual quotes IEC 60364-5-52 (B2, 3 loaded, PVC).
test('warm air reduces the capacity to what a manufacturer quotes from the standard, within its rounding', () => {
  const quoted = [
    [4, [27, 23, 21, 19, 16]],
    [10, [46, 40, 36, 33, 28]],
    [25, [80, 70, 63, 57, 49]],
    [50, [118, 103, 93, 84, 72]],
    [95, [179, 156, 141, 127, 109]],
  ] as const;
  for (const [crossSectionMm2, row] of quoted) {
    row.forEach((expected, column) => {
      const ambientC = [30, 40, 45, 50, 55][column] ?? NaN;
      const cable = { ...socket, installationMethod: 'B2', loadedConductors: 3, crossSectionMm2, ambientC } as const;
      const { capacityA: izA } = currentCapacity(cable);
      assert.ok(
        Math.abs(izA - expected) <= 1,
        `${crossSectionMm2} mm² at ${ambientC} °C: ${izA}, quoted ${expected} A`,
      );
    });
  }
});

test('circuits laid together share their heat: factor of the next larger group that is listed', () => {
  const factors = [1, 2, 3, 6, 10].map(
    (circuitsTogether) => currentCapacity({ ...socket, circuitsTogether }).groupingFactor,
  );
  assert.deepEqual(factors, [1, 0.8, 0.7, 0.57, 0.45]);
});

test('the tables are complete, and more copper, fewer conductors and better insulation always carry more', () => {
  for (const insulation of ['PVC', 'XLPE'] as const) {
    for (const method of installationMethods) {
      for (const loaded of [2, 3] as const) {
        const row = capacityA[insulation][loaded][method];
        assert.equal(row.length, crossSectionsMm2.length);
        row.forEach((value, k) => {
          assert.ok(value > (row[k - 1] ?? 0));
          assert.ok((capacityA.XLPE[loaded][method][k] as number) >= value);
          assert.ok((capacityA[insulation][2][method][k] as number) >= value);
        });
      }
    }
  }
  assert.equal(resistanceAt20MilliohmPerM.length, crossSectionsMm2.length);
  assert.ok(groupingFactors.every(({ factor }, k) => k === 0 || factor < (groupingFactors[k - 1]?.factor ?? 0)));
  assert.match(capacityTableSource, /IEC 60364-5-52.*\[M\].*2026-11/);
});

test('the bare conductor of 2.5 mm² in conduit has a time constant of 67 s', () => {
  // 8.6 J/(m·K) · 40 K / (24² A² · 8.87 mΩ/m)
  assert.ok(Math.abs(conductorTimeConstantS(socket) - 67.3) < 0.5);
});

test('a breaker above what the cable carries is a finding', () => {
  assert.deepEqual(protectionFindings(16, socket), []);
  assert.deepEqual(protectionFindings(20, { ...socket, circuitsTogether: 3 }), [
    'rated current is 20 A: expected at most the 16.8 A that the cable carries',
  ]);
});

test('cable data that make no sense are named, all of them', () => {
  assert.deepEqual(cableProblems(socket), []);
  const bad = {
    insulation: 'paper',
    crossSectionMm2: 3,
    installationMethod: 'Z',
    loadedConductors: 4,
    circuitsTogether: 0,
    ambientC: -80,
  } as unknown as CableData;
  assert.equal(cableProblems(bad).length, 6);
  assert.throws(() => currentCapacity({ ...socket, ambientC: 65 }), /ambientC is 65: expected -40 to 60 °C/);
  assert.equal(ambientAllowance('XLPE', 30), 1);
});
