import fc from 'fast-check';
import { categories, levels, origins, priorities, type ConditionEvent } from '../src/index.ts';

/** Runs and seed of the property tests: FENGSUI_RUNS, FENGSUI_SEED (a seed found becomes a named regression test). */
export const runs: { numRuns: number; seed?: number } = {
  numRuns: Number(process.env['FENGSUI_RUNS'] ?? 2_000),
  ...(process.env['FENGSUI_SEED'] !== undefined && { seed: Number(process.env['FENGSUI_SEED']) }),
};

const at = fc.integer({ min: 0, max: 12 }).map((step) => step * 1_000);
const source = fc.constantFrom('device', 'rule:warm', 'rule:hot');
const by = fc.constantFrom('op1', 'op2');
const reason = fc.constantFrom('checked on site', 'works', ' ');
const maybeTrue = fc.constantFrom(true as const, undefined, undefined, undefined);

function withoutUndefined<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}

// Half of the statements are classified as the defaults do, the other half at random: models bring their own data.
const classified = fc.oneof(
  fc.constantFrom(...levels).map((level) => ({
    level,
    classification: {
      category: 'warning' as const,
      priority: ({ attention: 'P4', warning: 'P3', alarm: 'P2' } as const)[level],
    },
  })),
  fc.record({
    level: fc.constantFrom(...levels),
    classification: fc.record({ category: fc.constantFrom(...categories), priority: fc.constantFrom(...priorities) }),
  }),
);

const statement = fc
  .record({
    source,
    classified,
    at,
    receivedAt: at,
    origin: fc.constantFrom('live', 'live', 'live', ...origins),
    late: maybeTrue,
    latching: fc.constantFrom(true, false, undefined, undefined, undefined, undefined, undefined, undefined),
    captureId: fc.constantFrom('cap1', 'cap2', undefined, undefined),
    value: fc.option(fc.integer({ min: 0, max: 99 }), { nil: undefined }),
  })
  .map(({ classified: { level, classification }, ...rest }) =>
    withoutUndefined({ kind: 'sourceActive', pointId: 't1', entryId: '', level, classification, ...rest }),
  );

const act = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('acknowledge' as const), by, at }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('shelve' as const),
      until: fc.constantFrom(0, 5_000, 3_600_000, 86_400_000, 86_412_001),
      reason,
      by,
      at,
    }),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({
        kind: fc.constant('unshelve' as const),
        at: fc.oneof(at, fc.constant(86_412_000)),
        by: fc.option(by, { nil: undefined }),
      })
      .map(withoutUndefined),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'suppress' as const,
        'unsuppress' as const,
        'removeFromService' as const,
        'returnToService' as const,
      ),
      by,
      reason,
      at,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('inspect' as const), by, note: reason, at }) },
);

const clear = fc
  .record({ kind: fc.constant('sourceInactive' as const), source, at, live: maybeTrue })
  .map(withoutUndefined);

/** A life of a condition: anything in any order; each statement comes in a journal entry of its own. */
export const lives: fc.Arbitrary<readonly ConditionEvent[]> = fc
  .array(
    fc.oneof({ weight: 4, arbitrary: statement }, { weight: 4, arbitrary: clear }, { weight: 4, arbitrary: act }),
    {
      maxLength: 40,
    },
  )
  .map((events) =>
    events.map(
      (event, i) => (event.kind === 'sourceActive' ? { ...event, entryId: `e${i}` } : event) as ConditionEvent,
    ),
  );
