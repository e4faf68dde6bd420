import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResidualPhasor } from '@fengsui/hazard';
import type { MeanReading, SampleBlock } from '@fengsui/signal';
import type { SourceCircuit } from '../source/sample-source.ts';
import { createBoardMeter } from './board-meter.ts';

const FRAMES = 6400;

function sine(rms: number, phaseRad = 0): Float64Array {
  return Float64Array.from({ length: FRAMES }, (_, n) => {
    return Math.SQRT2 * rms * Math.sin((2 * Math.PI * 50 * n) / 6400 + phaseRad);
  });
}

test('circuits on the shared voltage and on one of their own each get their power and residual current', () => {
  const circuits: SourceCircuit[] = [
    { prefix: 'c1', hasResidual: false },
    { prefix: 'c2', hasResidual: true, hasOwnVoltage: true },
    { prefix: 'c3', hasResidual: true },
  ];
  const voltageV = sine(230);
  const turn = (2 * Math.PI) / 3;
  const samples: SampleBlock[] = [
    { voltageV, currentA: sine(4) },
    { voltageV: sine(225, -turn), currentA: sine(2, -turn), residualCurrentMa: sine(6, -turn) },
    { voltageV, currentA: sine(3, -Math.PI / 3), residualCurrentMa: sine(9, Math.PI / 2) },
  ];
  const cycles = [0, 0, 0];
  const told: { index: number; reading: MeanReading; residual: ResidualPhasor | undefined }[] = [];
  const meter = createBoardMeter({ sampleRateHz: 6400, mainsHz: 50, circuits }, (circuit, index) => {
    assert.equal(circuit, circuits[index]);
    return {
      onCycle: () => void (cycles[index] = (cycles[index] ?? 0) + 1),
      onReading: (reading, residual) => void told.push({ index, reading, residual }),
    };
  });
  for (let from = 0; from < FRAMES; from += 64) {
    const cut = (values: Float64Array) => values.subarray(from, from + 64);
    meter.push(
      samples.map((piece) => ({
        voltageV: cut(piece.voltageV),
        currentA: cut(piece.currentA),
        ...(piece.residualCurrentMa && { residualCurrentMa: cut(piece.residualCurrentMa) }),
      })),
    );
  }
  meter.flush();
  assert.ok(
    cycles.every((count) => count === 50 || count === 49),
    cycles.join(),
  );
  const powerW = [230 * 4, 225 * 2, 230 * 3 * Math.cos(Math.PI / 3)];
  const residualMa = [undefined, { inPhaseMa: 6, quadratureMa: 0 }, { inPhaseMa: 0, quadratureMa: 9 }];
  for (const index of [0, 1, 2]) {
    const readings = told.filter((one) => one.index === index);
    assert.equal(readings.length, 5);
    for (const { reading, residual } of readings) {
      assert.ok(Math.abs(reading.activePowerW / (powerW[index] ?? NaN) - 1) < 1e-3, `${reading.activePowerW} W`);
      const expected = residualMa[index];
      assert.equal(residual === undefined, expected === undefined);
      if (residual === undefined || expected === undefined) continue;
      assert.ok(Math.abs(residual.inPhaseMa - expected.inPhaseMa) < 0.02, `${residual.inPhaseMa} mA`);
      assert.ok(Math.abs(residual.quadratureMa - expected.quadratureMa) < 0.02, `${residual.quadratureMa} mA`);
    }
  }
});
