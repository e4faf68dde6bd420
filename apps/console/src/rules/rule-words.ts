import type { RuleDraft } from '@fengsui/protocol';
import type { Translate } from '../locale/i18n.ts';

type Test = RuleDraft['test'];
type Part = Extract<Test, { kind: 'limit' | 'rate' }>;

const seconds = (ms: number): string => (ms % 60_000 === 0 && ms > 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`);

/** What must hold, in one sentence: 温度 t*.temperatureC > 70，持续 3 s. */
export function testWords(t: Translate, test: Test): string {
  switch (test.kind) {
    case 'limit':
    case 'rate':
      return partWords(t, test);
    case 'combination':
      return test.of.map((part) => partWords(t, part)).join(t(test.operator === 'and' ? 'rule.and' : 'rule.or'));
    case 'sequence':
      return t('rule.sequenceOf', {
        first: partWords(t, test.first),
        then: partWords(t, test.then),
        within: seconds(test.withinMs),
      });
    case 'count':
      return t('rule.countOf', { of: partWords(t, test.of), n: test.atLeast, window: seconds(test.windowMs) });
    case 'off':
      return t('rule.off');
  }
}

function partWords(t: Translate, part: Part): string {
  if (part.kind === 'rate')
    return t('rule.rateOf', { point: part.point, rise: part.riseAtLeast, window: seconds(part.windowMs) });
  const compared = `${part.point} ${part.direction === 'above' ? '>' : '<'} ${part.threshold}`;
  return part.onDelayMs === 0 ? compared : t('rule.limitOf', { compared, delay: seconds(part.onDelayMs) });
}

/** Whose devices: everywhere, or the lists of its scope. */
export function scopeWords(t: Translate, { models, venueClasses, jurisdictions }: RuleDraft['scope']): string {
  const lists = [
    venueClasses?.map((word) => t(`venueClass.${word}`)),
    models,
    jurisdictions?.map((id) => t('rule.under', { id })),
  ].flatMap((list) => (list === undefined ? [] : [list.join(' / ')]));
  return lists.length === 0 ? t('rule.everywhere') : lists.join(' · ');
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** When it speaks; undefined: always. */
export function scheduleWords(t: Translate, schedule: RuleDraft['schedule']): string | undefined {
  if (schedule === undefined) return undefined;
  const windows = schedule.windows.map(
    ({ days, fromMin, toMin }) =>
      `${days.map((day) => t(`rule.day.${dayKeys[day] ?? 'mon'}`)).join('')} ${clock(fromMin)}–${clock(toMin)}`,
  );
  return t(schedule.speaks === 'within' ? 'rule.within' : 'rule.outside', { windows: windows.join(', ') });
}

/** By ISO number of the day. */
export const dayKeys = [undefined, 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
