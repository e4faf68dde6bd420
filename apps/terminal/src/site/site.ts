import { cableProblems, prohibitedPolicyProblems, type CableData, type ProhibitedPolicy } from '@fengsui/hazard';
import { Type, type Static } from 'typebox';
import { Errors } from 'typebox/value';

const Prefix = (letter: 'c' | 't') => Type.String({ pattern: `^${letter}[1-8]$` });
const closed = { additionalProperties: false } as const;

const SiteCircuit = Type.Object(
  {
    ratedA: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 6300 })),
    /** Cross-section, insulation and laying: the thermal image needs them. */
    cable: Type.Optional(Type.Unsafe<CableData>(Type.Object({}))),
    /** Temperature point at the circuit's terminal: κ needs it. */
    probe: Type.Optional(Prefix('t')),
    areaUse: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  },
  closed,
);

/** What is known of the place a terminal watches; everything is optional, and what is not known is not judged. */
export const SiteDocument = Type.Object(
  {
    venueClass: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
    /** IANA name; decides the hours of the policy. Default Asia/Shanghai. */
    timeZone: Type.Optional(Type.String()),
    /** Phase to neutral, V; without it the supply is not judged. */
    nominalV: Type.Optional(Type.Number({ minimum: 50, maximum: 1000 })),
    /** A temperature point in the open air of the board. */
    ambientProbe: Type.Optional(Prefix('t')),
    phases: Type.Optional(Type.Object({ L1: Prefix('c'), L2: Prefix('c'), L3: Prefix('c') }, closed)),
    circuits: Type.Optional(Type.Record(Prefix('c'), SiteCircuit, closed)),
    /** Default: `defaultProhibitedPolicy`. */
    policy: Type.Optional(Type.Unsafe<ProhibitedPolicy>(Type.Object({}))),
  },
  closed,
);
export type Site = Static<typeof SiteDocument>;
export type SiteCircuit = Static<typeof SiteCircuit>;

export const defaultTimeZone = 'Asia/Shanghai';

/** Everything that is wrong with a site document, each naming place, value and expectation; [] = it is a `Site`. */
export function siteProblems(document: unknown): readonly string[] {
  const shape = [...Errors(SiteDocument, document)].flatMap(({ instancePath, message }) => {
    // Said of a field that is not known, beside the error that names it in its place.
    if (message === 'schema is false') return [];
    return [`site: ${instancePath === '' ? 'document' : instancePath.slice(1).replaceAll('/', '.')} ${message}`];
  });
  if (shape.length > 0) return shape;
  const site = document as Site;
  const problems: string[] = [];
  for (const [prefix, { cable }] of Object.entries(site.circuits ?? {})) {
    if (cable !== undefined) problems.push(...cableProblems(cable).map((problem) => `site: ${prefix}: ${problem}`));
  }
  if (site.policy !== undefined) problems.push(...policyProblems(site.policy));
  if (site.timeZone !== undefined && !isTimeZone(site.timeZone)) {
    problems.push(`site: timeZone is ${site.timeZone}: expected a name such as Asia/Shanghai`);
  }
  return problems;
}

function policyProblems(policy: ProhibitedPolicy): readonly string[] {
  if (!Array.isArray(policy.rules)) return ['site: policy.rules is missing: expected a list of rules'];
  return prohibitedPolicyProblems(policy).map((problem) => `site: ${problem}`);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
