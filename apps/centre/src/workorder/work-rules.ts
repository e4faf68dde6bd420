import { readFileSync } from 'node:fs';
import path from 'node:path';
import { priorities, type Priority } from '@fengsui/alarm';
import { oneOf, WorkCause } from '@fengsui/protocol';
import { Type, type Static } from 'typebox';
import { Errors } from 'typebox/value';

const strict = { additionalProperties: false } as const;
/** At most a month: a longer wait is a mistake in the unit. */
const Minutes = Type.Number({ minimum: 0, maximum: 44_640 });
const Hours = Type.Number({ exclusiveMinimum: 0, maximum: 8_760 });

const KindRule = Type.Object(
  {
    openAfterMin: Type.Optional(Minutes),
    join: Type.Optional(Type.Boolean()),
    priority: Type.Optional(oneOf(priorities)),
    freshMin: Type.Optional(Minutes),
    verifyWithinMin: Type.Optional(Minutes),
    source: Type.Optional(Type.String({ maxLength: 400 })),
  },
  strict,
);

/** The file of the rules: docs/guides/work-orders.md explains each field. */
const WorkRulesFile = Type.Object(
  {
    schemaVersion: Type.Literal(1),
    kinds: Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9-]{0,39}$' }), KindRule),
    otherKinds: KindRule,
    freshMin: Minutes,
    verifyWithinMin: Minutes,
    dueHours: Type.Object({ P1: Hours, P2: Hours, P3: Hours, P4: Hours }, strict),
    dueSource: Type.Optional(Type.String({ maxLength: 400 })),
    escalateAfterHours: Type.Array(Type.Number({ minimum: 0, maximum: 8_760 }), { minItems: 1, maxItems: 8 }),
    withdrawAfterMin: Minutes,
    repeatWithinDays: Type.Number({ minimum: 0, maximum: 366 }),
    perVenue: Type.Integer({ minimum: 1, maximum: 10_000 }),
    causes: Type.Array(WorkCause, { minItems: 1, maxItems: 100 }),
  },
  strict,
);
type WorkRulesFile = Static<typeof WorkRulesFile>;

export type KindWorkRule = {
  /** Active for so long opens an order; undefined: only a person does. */
  readonly openAfterMs: number | undefined;
  /** Counts as a fault of the device's open order. */
  readonly joins: boolean;
  /** Instead of the alarm's own. */
  readonly priority: Priority | undefined;
  readonly freshMs: number;
  readonly withinMs: number;
};

/** The rules in milliseconds. */
export type WorkRules = {
  readonly ofKind: (kind: string) => KindWorkRule;
  readonly dueMs: Readonly<Record<Priority, number>>;
  readonly escalateAfterMs: readonly number[];
  readonly withdrawAfterMs: number;
  readonly repeatWithinMs: number;
  readonly perVenue: number;
  readonly causes: readonly WorkCause[];
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Rules out of a file's text, or everything that is wrong with it. */
export function readWorkRules(text: string): { readonly rules: WorkRules } | { readonly problems: readonly string[] } {
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { problems: [`is not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const problems = [...Errors(WorkRulesFile, document)].map(
    ({ instancePath, message }) => `${instancePath === '' ? 'the document' : instancePath}: ${message}`,
  );
  if (problems.length > 0) return { problems };
  const file = document as WorkRulesFile;
  const { escalateAfterHours } = file;
  if (escalateAfterHours.some((hours, index) => index > 0 && hours <= (escalateAfterHours[index - 1] ?? 0)))
    return { problems: [`/escalateAfterHours: is ${JSON.stringify(escalateAfterHours)}, expected rising numbers`] };
  const codes = file.causes.map(({ code }) => code);
  const twice = codes.find((code, index) => codes.indexOf(code) !== index);
  if (twice !== undefined) return { problems: [`/causes: code "${twice}" stands twice`] };
  return { rules: rulesOf(file) };
}

function rulesOf(file: WorkRulesFile): WorkRules {
  const kindOf = (rule: Static<typeof KindRule>): KindWorkRule => ({
    openAfterMs: rule.openAfterMin === undefined ? undefined : rule.openAfterMin * MINUTE_MS,
    joins: rule.join ?? true,
    priority: rule.priority,
    freshMs: (rule.freshMin ?? file.freshMin) * MINUTE_MS,
    withinMs: (rule.verifyWithinMin ?? file.verifyWithinMin) * MINUTE_MS,
  });
  const kinds = new Map(Object.entries(file.kinds).map(([kind, rule]) => [kind, kindOf(rule)]));
  const other = kindOf(file.otherKinds);
  const { P1, P2, P3, P4 } = file.dueHours;
  return {
    ofKind: (kind) => kinds.get(kind) ?? other,
    dueMs: { P1: P1 * HOUR_MS, P2: P2 * HOUR_MS, P3: P3 * HOUR_MS, P4: P4 * HOUR_MS },
    escalateAfterMs: file.escalateAfterHours.map((hours) => hours * HOUR_MS),
    withdrawAfterMs: file.withdrawAfterMin * MINUTE_MS,
    repeatWithinMs: file.repeatWithinDays * DAY_MS,
    perVenue: file.perVenue,
    causes: file.causes,
  };
}

const ownRules = path.join(import.meta.dirname, 'default-work-rules.json');

/**
 * The rules of a file, or those of the product.
 *
 * @throws Error naming the file and everything that is wrong with it.
 */
export function loadWorkRules(file?: string): WorkRules {
  const from = file ?? ownRules;
  let text: string;
  try {
    text = readFileSync(from, 'utf8');
  } catch (error) {
    throw new Error(`work.rules ${from}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const read = readWorkRules(text);
  if ('problems' in read) throw new Error(`work.rules ${from}: ${read.problems.join('; ')}`);
  return read.rules;
}

/** The rules that come with the product. */
export const defaultWorkRules: WorkRules = loadWorkRules();
