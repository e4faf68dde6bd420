import type { BatchImport, EndOfLineRow } from '@fengsui/protocol';
import { Registry } from '../registry/registry.ts';
import type { BatchDraft } from './batch-draft.ts';
import { draftOf } from './batch-draft.ts';
import { planBatch, type BatchPlan } from './plan-batch.ts';

export const NOW = Date.parse('2026-11-22T10:00:00Z');

/** A device that passes everything its model asks. */
export function goodRow(serial: string, change: Partial<EndOfLineRow> = {}): EndOfLineRow {
  return {
    serial,
    firmware: '1.4.2',
    testedAt: '2026-11-22T09:00:00Z',
    result: 'pass',
    tests: [
      { test: 'insulationMOhm', value: 320, unit: 'MΩ' },
      { test: 'dielectricLeakageMa', value: 0.8, unit: 'mA', passed: true },
      { test: 'voltageErrorPct', value: 0.12, unit: '%' },
      { test: 'currentErrorPct', value: -0.3, unit: '%' },
    ],
    calibration: {
      calibratedAt: '2026-11-22T08:30:00Z',
      by: 'bench 2',
      instrument: { serial: 'REF-1', certificate: 'CERT-7' },
      temperatureC: 23.1,
      channels: [
        { point: 'c1.voltageV', gain: 1.012, offset: 0.4, phaseUs: 12, reference: '230 V' },
        { point: 'c1.currentA', gain: 0.985, phaseDeg: 0.36, reference: '10 A' },
      ],
    },
    ...change,
  };
}

export const batchOf = (devices: EndOfLineRow[], change: Partial<BatchImport['batch']> = {}): BatchDraft =>
  draftOf({ batch: { id: 'B-7', model: 'generic-terminal', producedAt: '2026-11-20T00:00:00Z', ...change }, devices });

/** A registry without a store, to which plans are applied as the worker does. */
export class TestFactory {
  readonly registry = new Registry();

  plan(draft: BatchDraft, at: number = NOW): BatchPlan {
    const plan = planBatch(this.registry, draft, 'line 3', at);
    for (const change of plan.changes) this.registry.apply(change);
    return plan;
  }

  codes(draft: BatchDraft): readonly string[] {
    return planBatch(this.registry, draft, 'line 3', NOW).report.problems.map(({ code }) => code);
  }
}
