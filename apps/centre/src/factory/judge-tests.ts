import type { EndOfLineRow, ModelFactory } from '@fengsui/protocol';
import type { KeptTest } from './factory-change.ts';
import type { FactoryFinding, RowPlace } from './findings.ts';

/** The tests of one device against what its model asks, with the verdict of the limits. */
export function judgeTests(
  row: Pick<EndOfLineRow, 'serial' | 'result' | 'note' | 'tests'>,
  model: ModelFactory | undefined,
  place: RowPlace,
  places: readonly RowPlace[] = [],
): { readonly tests: readonly KeptTest[]; readonly findings: readonly FactoryFinding[] } {
  const findings: FactoryFinding[] = [];
  const add = (at: RowPlace, column: string, code: string, message: string, fix: string, value?: string): void =>
    void findings.push({
      place: at,
      column,
      code,
      message: `${row.serial}: ${message}`,
      fix,
      ...(value !== undefined && { value }),
    });
  const seen = new Set<string>();
  const tests = row.tests.map((measured, index): KeptTest => {
    const { test, value, unit, passed } = measured;
    const at = places[index] ?? place;
    const wanted = model?.tests.find(({ id }) => id === test);
    if (model !== undefined && wanted === undefined)
      add(
        at,
        'test',
        'unknownTest',
        `test ${test} is none of the model`,
        `name one of ${model.tests.map(({ id }) => id).join(', ')}`,
        test,
      );
    if (seen.has(test)) add(at, 'test', 'testTwice', `test ${test} stands twice`, 'delete one of the two', test);
    seen.add(test);
    if (wanted !== undefined && wanted.unit !== unit)
      add(
        at,
        'unit',
        'otherUnit',
        `${test} is in ${JSON.stringify(unit)}`,
        `give it in ${JSON.stringify(wanted.unit)}`,
        unit,
      );
    const { min, max } = wanted ?? {};
    const byLimits =
      min === undefined && max === undefined
        ? undefined
        : (min === undefined || value >= min) && (max === undefined || value <= max);
    const isUnknown = model !== undefined && wanted === undefined;
    if (byLimits === undefined && passed === undefined && !isUnknown)
      add(at, 'passed', 'verdictMissing', `${test} has no limits and no verdict`, 'say whether it passed');
    if (byLimits !== undefined && passed !== undefined && byLimits !== passed)
      add(
        at,
        'passed',
        'verdictDiffers',
        `${test} is ${value}${unit}, told as ${passed ? 'passed' : 'failed'}: the limits are ${min ?? '−∞'} to ${max ?? '∞'}`,
        'correct the value or the verdict',
        String(value),
      );
    return {
      test,
      value,
      unit,
      passed: byLimits ?? passed ?? isUnknown,
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
    };
  });
  const missing = (model?.tests ?? []).filter(({ id, optional }) => optional !== true && !seen.has(id));
  // A device that fails early is not tested to the end.
  if (row.result === 'pass')
    for (const { id } of missing)
      add(place, 'tests', 'testMissing', `test ${id} is missing`, 'a device passes with every test of its model');
  const failed = tests.filter(({ passed }) => !passed).map(({ test }) => test);
  if (row.result === 'pass' && failed.length > 0)
    add(
      place,
      'result',
      'failedTestPasses',
      `result is pass: ${failed.join(', ')} failed`,
      'write fail, or test again',
    );
  if (row.result === 'fail' && failed.length === 0 && row.note === undefined)
    add(place, 'note', 'reasonMissing', 'result is fail: every test passed', 'say in the note why it fails');
  return { tests, findings };
}
