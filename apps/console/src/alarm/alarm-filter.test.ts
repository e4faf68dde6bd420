import assert from 'node:assert/strict';
import test from 'node:test';
import { categories, priorities } from '@fengsui/alarm';
import fc from 'fast-check';
import {
  filterOfSearch,
  filterStandings,
  isFiltering,
  noFilter,
  passesFilter,
  searchOfFilter,
  toggle,
} from './alarm-filter.ts';
import { sampleAlarm } from './sample-alarm.ts';

test('every filter survives the way through the URL', () => {
  fc.assert(
    fc.property(
      fc.record(
        {
          categories: fc.subarray([...categories]),
          priorities: fc.subarray([...priorities]),
          standings: fc.subarray([...filterStandings]),
          text: fc.string({ maxLength: 100 }),
        },
        { noNullPrototype: true },
      ),
      (filter) => {
        const url = new URLSearchParams(searchOfFilter(filter)).toString();
        assert.deepEqual(filterOfSearch(Object.fromEntries(new URLSearchParams(url))), filter);
      },
    ),
  );
});

test('unknown words of an old link are dropped, the rest still filters', () => {
  assert.deepEqual(filterOfSearch({ category: 'fire,smell', priority: 7, state: 'x' }), {
    ...noFilter,
    categories: ['fire'],
  });
});

test('a filter passes what matches all of its parts', () => {
  const alarm = sampleAlarm({ category: 'fire', priority: 'P1', state: 'returnedUnacknowledged', deviceId: 'T-17' });
  const passes = (changes: Partial<typeof noFilter>): boolean =>
    passesFilter({ ...noFilter, ...changes }, alarm, '烟雾 平阳商场 2F');
  assert.ok(passes({}));
  assert.ok(passes({ categories: ['fire'], priorities: ['P1', 'P2'], standings: ['unacknowledged'] }));
  assert.ok(!passes({ categories: ['warning'] }));
  assert.ok(!passes({ standings: ['acknowledged'] }));
  assert.ok(passes({ text: '商场 t-17' }));
  assert.ok(!passes({ text: '商场 医院' }));
});

test('a filter that restricts something says so', () => {
  assert.ok(!isFiltering(noFilter));
  assert.ok(isFiltering({ ...noFilter, text: 'x' }));
  assert.deepEqual(toggle(toggle(['P1'], 'P2'), 'P1'), ['P2']);
});
