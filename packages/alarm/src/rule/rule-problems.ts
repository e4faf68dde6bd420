import { levels, priorities } from '../words.ts';
import type { WeekWindow } from './rule-schedule.ts';
import { partsOf, type PointTest, type Rule } from './rule.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** What a centre keeps in mind of each device; ours. */
const LONGEST_MS = 7 * 86_400_000;
const MOST_PARTS = 8;
const MOST_COUNTED = 100;

/**
 * Everything that is wrong with a rule, each in a sentence with field, value and expectation; empty if it is sound.
 * For rules that come from a file or a person: the functions that apply rules trust them.
 */
export function ruleProblems(rule: Rule): readonly string[] {
  const found: string[] = [];
  const expect = (holds: boolean, field: string, value: unknown, expectation: string): void => {
    if (!holds) found.push(`rule ${JSON.stringify(rule.id)}: ${field} is ${shown(value)}: expected ${expectation}`);
  };
  expect(/^[A-Za-z0-9._-]{1,64}$/.test(rule.id), 'id', rule.id, '1 to 64 of A-Z a-z 0-9 . _ -');
  expect(Number.isInteger(rule.version) && rule.version >= 1, 'version', rule.version, 'a whole number from 1');
  expect(rule.kind.trim() !== '', 'kind', rule.kind, 'a kind of event');
  expect(levels.includes(rule.level), 'level', rule.level, `one of ${levels.join(', ')}`);
  expect(
    rule.priority === undefined || priorities.includes(rule.priority),
    'priority',
    rule.priority,
    `one of ${priorities.join(', ')}, or nothing`,
  );
  for (const [field, list] of Object.entries(rule.scope))
    expect(list.length > 0 && list.every((name) => name !== ''), `scope.${field}`, list, 'names, or no list');
  const { validFrom, validTo } = rule;
  for (const [field, day] of Object.entries({ validFrom, validTo }))
    expect(day === undefined || isDay(day), field, day, 'a day as YYYY-MM-DD, or nothing');
  if (validFrom !== undefined && validTo !== undefined)
    expect(validFrom <= validTo, 'validTo', validTo, `a day from ${validFrom} on`);
  for (const field of ['consequence', 'response'] as const)
    for (const language of ['zh', 'en'] as const)
      expect(rule[field][language].trim() !== '', `${field}.${language}`, rule[field][language], 'words');
  expect(
    Number.isFinite(rule.timeAllowedS) && rule.timeAllowedS > 0,
    'timeAllowedS',
    rule.timeAllowedS,
    'seconds above 0',
  );
  expect(rule.source.trim() !== '', 'source', rule.source, 'a clause with its evidence mark, or ours');
  checkTest(rule, expect);
  checkSchedule(rule, expect);
  return found;
}

type Expect = (holds: boolean, field: string, value: unknown, expectation: string) => void;

function checkTest({ test }: Rule, expect: Expect): void {
  const parts = partsOf(test);
  const isOfSeveral = test.kind !== 'limit' && test.kind !== 'rate';
  parts.forEach((part, i) => {
    checkPart(part, parts.length > 1 ? `test part ${i + 1} ` : 'test.', isOfSeveral, expect);
  });
  switch (test.kind) {
    case 'combination':
      expect(test.operator === 'and' || test.operator === 'or', 'test.operator', test.operator, 'and, or');
      expect(parts.length >= 2 && parts.length <= MOST_PARTS, 'test.of', parts.length, `2 to ${MOST_PARTS} parts`);
      return;
    case 'sequence':
      expect(isSpan(test.withinMs), 'test.withinMs', test.withinMs, 'milliseconds above 0, a week at most');
      return;
    case 'count':
      expect(
        Number.isInteger(test.atLeast) && test.atLeast >= 2 && test.atLeast <= MOST_COUNTED,
        'test.atLeast',
        test.atLeast,
        `a whole number from 2 to ${MOST_COUNTED}`,
      );
      expect(isSpan(test.windowMs), 'test.windowMs', test.windowMs, 'milliseconds above 0, a week at most');
      return;
    case 'limit':
    case 'rate':
    case 'off':
      return;
  }
}

function checkPart(part: PointTest, at: string, isOfSeveral: boolean, expect: Expect): void {
  const stars = part.point.split('*').length - 1;
  expect(
    part.point !== '' && stars <= (isOfSeveral ? 0 : 1),
    `${at}point`,
    part.point,
    isOfSeveral ? 'the id of one point' : 'a point id, or a pattern with one *',
  );
  if (part.kind === 'rate') {
    expect(Number.isFinite(part.riseAtLeast) && part.riseAtLeast > 0, `${at}riseAtLeast`, part.riseAtLeast, 'above 0');
    expect(isSpan(part.windowMs), `${at}windowMs`, part.windowMs, 'milliseconds above 0, a week at most');
    expect(
      part.endsBelow > 0 && part.endsBelow <= part.riseAtLeast,
      `${at}endsBelow`,
      part.endsBelow,
      'above 0, riseAtLeast at most',
    );
    return;
  }
  expect(part.direction === 'above' || part.direction === 'below', `${at}direction`, part.direction, 'above or below');
  expect(Number.isFinite(part.threshold), `${at}threshold`, part.threshold, 'a number in the unit of the point');
  for (const field of ['deadband', 'onDelayMs', 'offDelayMs'] as const)
    expect(Number.isFinite(part[field]) && part[field] >= 0, `${at}${field}`, part[field], 'a number from 0');
  expect(
    part.ignoreBelow === undefined || Number.isFinite(part.ignoreBelow),
    `${at}ignoreBelow`,
    part.ignoreBelow,
    'a number, or nothing',
  );
}

function checkSchedule({ schedule }: Rule, expect: Expect): void {
  if (schedule === undefined) return;
  const { speaks, utcOffsetMin, windows } = schedule;
  expect(speaks === 'within' || speaks === 'outside', 'schedule.speaks', speaks, 'within or outside');
  expect(
    Number.isInteger(utcOffsetMin) && Math.abs(utcOffsetMin) <= 840,
    'schedule.utcOffsetMin',
    utcOffsetMin,
    'whole minutes from -840 to 840',
  );
  expect(windows.length > 0, 'schedule.windows', windows, 'at least one');
  windows.forEach((window, i) => {
    expect(isWindow(window), `schedule window ${i + 1}`, window, 'days of 1 to 7, minutes of 0 to 1439 that differ');
  });
}

const isWindow = ({ days, fromMin, toMin }: WeekWindow): boolean =>
  days.length > 0 &&
  days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7) &&
  [fromMin, toMin].every((minute) => Number.isInteger(minute) && minute >= 0 && minute < 1_440) &&
  fromMin !== toMin;

const isSpan = (ms: number): boolean => ms > 0 && ms <= LONGEST_MS;

function isDay(text: string): boolean {
  const at = DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** A number that is none is told as what it is, not as the `null` of JSON. */
const shown = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value ?? null);
