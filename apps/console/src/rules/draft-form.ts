import type { RuleDraft, RuleVersion } from '@fengsui/protocol';

type Test = RuleDraft['test'];
type Part = Extract<Test, { kind: 'limit' | 'rate' }>;
export type TestKind = Test['kind'];

/** A part of a test as it is typed: what is empty is not said. */
export type PartForm = {
  readonly kind: Part['kind'];
  readonly point: string;
  readonly direction: 'above' | 'below';
  readonly threshold: string;
  readonly deadband: string;
  readonly onDelayS: string;
  readonly offDelayS: string;
  readonly ignoreBelow: string;
  readonly riseAtLeast: string;
  readonly windowMin: string;
  readonly endsBelow: string;
};

export type WindowForm = { readonly days: readonly number[]; readonly from: string; readonly to: string };

/** A version as it is typed. */
export type DraftForm = {
  readonly id: string;
  readonly kind: string;
  readonly level: RuleDraft['level'];
  readonly priority: '' | NonNullable<RuleDraft['priority']>;
  readonly models: string;
  readonly venueClasses: NonNullable<RuleDraft['scope']['venueClasses']>;
  readonly jurisdictions: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly testKind: TestKind;
  readonly operator: 'and' | 'or';
  readonly parts: readonly PartForm[];
  readonly withinMin: string;
  readonly atLeast: string;
  readonly windowMin: string;
  readonly speaks: 'always' | 'within' | 'outside';
  /** Absent: that of the centre. */
  readonly utcOffsetMin: number | undefined;
  readonly windows: readonly WindowForm[];
  readonly consequenceZh: string;
  readonly consequenceEn: string;
  readonly responseZh: string;
  readonly responseEn: string;
  readonly timeAllowedMin: string;
  readonly source: string;
  readonly reason: string;
};

export const emptyPart: PartForm = {
  kind: 'limit',
  point: '',
  direction: 'above',
  threshold: '',
  deadband: '0',
  onDelayS: '0',
  offDelayS: '0',
  ignoreBelow: '',
  riseAtLeast: '',
  windowMin: '',
  endsBelow: '',
};

export const nightly: WindowForm = { days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' };

const MINUTE_MS = 60_000;

/** The form of a version that follows `from`; of a rule of its own when there is none. */
export function formOf(from: RuleVersion | undefined): DraftForm {
  const { test, schedule, scope = {} } = from ?? {};
  return {
    id: from?.id ?? '',
    kind: from?.kind ?? 'overTemperature',
    level: from?.level ?? 'warning',
    priority: from?.priority ?? '',
    models: scope.models?.join(' ') ?? '',
    venueClasses: scope.venueClasses ?? [],
    jurisdictions: scope.jurisdictions?.join(' ') ?? '',
    validFrom: from?.validFrom ?? '',
    validTo: from?.validTo ?? '',
    testKind: test?.kind ?? 'limit',
    operator: test?.kind === 'combination' ? test.operator : 'and',
    parts: test === undefined ? [emptyPart] : partsOf(test).map(partForm),
    withinMin: test?.kind === 'sequence' ? minutes(test.withinMs) : '',
    atLeast: test?.kind === 'count' ? String(test.atLeast) : '',
    windowMin: test?.kind === 'count' ? minutes(test.windowMs) : '',
    speaks: schedule?.speaks ?? 'always',
    utcOffsetMin: schedule?.utcOffsetMin,
    windows: schedule?.windows.map(({ days, fromMin, toMin }) => ({
      days,
      from: clock(fromMin),
      to: clock(toMin),
    })) ?? [nightly],
    consequenceZh: from?.consequence.zh ?? '',
    consequenceEn: from?.consequence.en ?? '',
    responseZh: from?.response.zh ?? '',
    responseEn: from?.response.en ?? '',
    timeAllowedMin: from === undefined ? '' : String(from.timeAllowedS / 60),
    source: from?.source ?? '',
    reason: '',
  };
}

/** The same form with as many parts as the kind of test has at least. */
export function withTestKind(form: DraftForm, testKind: TestKind): DraftForm {
  const least = testKind === 'combination' || testKind === 'sequence' ? 2 : 1;
  const most = testKind === 'combination' ? 8 : least;
  const parts = [...form.parts, emptyPart, emptyPart].slice(0, Math.max(least, Math.min(form.parts.length, most)));
  const kind = testKind === 'limit' || testKind === 'rate' ? testKind : undefined;
  return { ...form, testKind, parts: kind === undefined ? parts : parts.map((part) => ({ ...part, kind })) };
}

/** What the form says. A number that is none is sent as it stands, and the centre names it. */
export function draftOf(form: DraftForm): RuleDraft {
  const models = words(form.models);
  const jurisdictions = words(form.jurisdictions);
  return {
    kind: form.kind,
    level: form.level,
    ...(form.priority !== '' && { priority: form.priority }),
    scope: {
      ...(models.length > 0 && { models }),
      ...(form.venueClasses.length > 0 && { venueClasses: [...form.venueClasses] }),
      ...(jurisdictions.length > 0 && { jurisdictions }),
    },
    ...(form.validFrom !== '' && { validFrom: form.validFrom }),
    ...(form.validTo !== '' && { validTo: form.validTo }),
    test: testOf(form),
    ...(form.speaks !== 'always' && {
      schedule: {
        speaks: form.speaks,
        ...(form.utcOffsetMin !== undefined && { utcOffsetMin: form.utcOffsetMin }),
        windows: form.windows.map(({ days, from, to }) => ({
          days: [...days],
          fromMin: minuteOf(from),
          toMin: minuteOf(to),
        })),
      },
    }),
    consequence: { zh: form.consequenceZh.trim(), en: form.consequenceEn.trim() },
    response: { zh: form.responseZh.trim(), en: form.responseEn.trim() },
    timeAllowedS: number(form.timeAllowedMin) * 60,
    source: form.source.trim(),
    ...(form.reason.trim() !== '' && { reason: form.reason.trim() }),
  };
}

function testOf(form: DraftForm): Test {
  const parts = form.parts.map(partOf);
  const [first = partOf(emptyPart), then = first] = parts;
  switch (form.testKind) {
    case 'limit':
    case 'rate':
      return first;
    case 'combination':
      return { kind: 'combination', operator: form.operator, of: parts };
    case 'sequence':
      return { kind: 'sequence', first, then, withinMs: milliseconds(form.withinMin, MINUTE_MS) };
    case 'count':
      return {
        kind: 'count',
        of: first,
        atLeast: number(form.atLeast),
        windowMs: milliseconds(form.windowMin, MINUTE_MS),
      };
    case 'off':
      return { kind: 'off' };
  }
}

function partOf(part: PartForm): Part {
  const point = part.point.trim();
  if (part.kind === 'rate')
    return {
      kind: 'rate',
      point,
      riseAtLeast: number(part.riseAtLeast),
      windowMs: milliseconds(part.windowMin, MINUTE_MS),
      endsBelow: number(part.endsBelow),
    };
  return {
    kind: 'limit',
    point,
    direction: part.direction,
    threshold: number(part.threshold),
    deadband: number(part.deadband),
    onDelayMs: milliseconds(part.onDelayS, 1_000),
    offDelayMs: milliseconds(part.offDelayS, 1_000),
    ...(part.ignoreBelow.trim() !== '' && { ignoreBelow: number(part.ignoreBelow) }),
  };
}

function partForm(part: Part): PartForm {
  if (part.kind === 'rate')
    return {
      ...emptyPart,
      kind: 'rate',
      point: part.point,
      riseAtLeast: String(part.riseAtLeast),
      windowMin: minutes(part.windowMs),
      endsBelow: String(part.endsBelow),
    };
  return {
    ...emptyPart,
    point: part.point,
    direction: part.direction,
    threshold: String(part.threshold),
    deadband: String(part.deadband),
    onDelayS: String(part.onDelayMs / 1_000),
    offDelayS: String(part.offDelayMs / 1_000),
    ignoreBelow: part.ignoreBelow === undefined ? '' : String(part.ignoreBelow),
  };
}

function partsOf(test: Test): readonly Part[] {
  switch (test.kind) {
    case 'limit':
    case 'rate':
      return [test];
    case 'combination':
      return test.of;
    case 'sequence':
      return [test.first, test.then];
    case 'count':
      return [test.of];
    case 'off':
      return [];
  }
}

const words = (text: string): string[] => text.split(/[\s,，、;；]+/).filter((word) => word !== '');
const number = (text: string): number => (text.trim() === '' ? NaN : Number(text));
/** 1.1 s are 1100 ms, not 1100.0000000000002. */
const milliseconds = (text: string, unitMs: number): number => Math.round(number(text) * unitMs);
const minutes = (ms: number): string => String(ms / MINUTE_MS);
const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const minuteOf = (text: string): number => {
  const [hour = NaN, minute = NaN] = text.split(':').map(Number);
  return hour * 60 + minute;
};
