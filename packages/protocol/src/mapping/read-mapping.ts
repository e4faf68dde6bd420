import { Check, Errors } from 'typebox/value';
import { shortText } from '../wire/discarded.ts';
import { isName } from '../wire/plain-text.ts';
import { isJsonObject } from '../wire/json-object.ts';
import { hasEach, parseJsonPath } from './json-path.ts';
import { Mapping, MappingSet, type AnyMapping } from './mapping.ts';
import { topicFilterProblem } from './topic-filter.ts';

const MOST_PROBLEMS = 100;

type Problems = { readonly kind: 'problems'; readonly problems: readonly string[] };

/** A mapping, or a set of them, out of parsed JSON, or everything that is wrong with it: field, value, expectation. Never throws. */
export function readMapping(document: unknown): { readonly kind: 'mapping'; readonly mapping: AnyMapping } | Problems {
  const isSet = isJsonObject(document) && 'variants' in document;
  const schema = isSet ? MappingSet : Mapping;
  if (!Check(schema, document)) return problemsOf(shapeProblems(schema, document));
  const mapping = document;
  const problems =
    'variants' in mapping
      ? mapping.variants.flatMap((variant, index) =>
          contentProblems(variant).map((problem) => `variants.${index}: ${problem}`),
        )
      : contentProblems(mapping);
  return problems.length === 0 ? { kind: 'mapping', mapping } : problemsOf(problems);
}

const problemsOf = (problems: readonly string[]): Problems => ({
  kind: 'problems',
  problems: [...new Set(problems)].slice(0, MOST_PROBLEMS),
});

function shapeProblems(schema: typeof Mapping | typeof MappingSet, document: unknown): string[] {
  const problems = [...Errors(schema, document)].flatMap(({ instancePath, message, keyword, params }) => {
    // Said of a field that is not known, beside the error that names it in its place; and of a choice, beside its parts.
    if (message === 'schema is false' || keyword === 'anyOf') return [];
    const field = instancePath === '' ? 'the mapping' : instancePath.slice(1).replaceAll('/', '.');
    if (keyword === 'additionalProperties') {
      const unknown = (params as { readonly additionalProperties?: readonly string[] }).additionalProperties ?? [];
      return unknown.map((name) => `${field}: ${shortText(name)} is not a field here`);
    }
    const words =
      keyword === 'enum' && 'allowedValues' in params
        ? `must be one of ${(params.allowedValues as readonly string[]).join(', ')}`
        : message;
    return [`${field} is ${shortText(memberAt(document, instancePath))}: ${words}`];
  });
  return problems.length > 0 ? problems : ['the mapping does not match its schema'];
}

function memberAt(document: unknown, pointer: string): unknown {
  let found = document;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    found =
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? (found as Readonly<Record<string, unknown>>)[key]
        : undefined;
  }
  return found;
}

function contentProblems(mapping: Mapping): string[] {
  const { values = [], conditions = [] } = mapping;
  const problems: string[] = [];
  const path = (field: string, text: string | undefined, mayHaveEach = false): void => {
    if (text === undefined) return;
    const parsed = parseJsonPath(text);
    if (typeof parsed === 'string') problems.push(`${field} is ${shortText(text)}: ${parsed}`);
    else if (!mayHaveEach && hasEach(parsed))
      problems.push(`${field} is ${shortText(text)}: [*] stands in reports only`);
    else if (mayHaveEach && parsed.from !== 'here' && parsed.from !== 'root')
      problems.push(
        `${field} is ${shortText(text)}: ${typeof parsed.from === 'number' ? '^ has nothing to go out of' : 'expected a path in the message'}`,
      );
  };
  const { applies, embedded } = mapping;
  if (applies?.topic !== undefined) {
    const problem = topicFilterProblem(applies.topic);
    if (problem !== undefined) problems.push(`applies.topic is ${shortText(applies.topic)}: ${problem}`);
  }
  for (const [index, text] of (applies?.has ?? []).entries()) path(`applies.has.${index}`, text);
  for (const [index, when] of (applies?.when ?? []).entries()) path(`applies.when.${index}.path`, when.path);
  path('embedded', typeof embedded === 'string' ? embedded : embedded?.path);
  path('reports', mapping.reports, true);
  path('device.path', mapping.device.path);
  path('time.path', mapping.time?.path);
  for (const [index, text] of (mapping.key ?? []).entries()) path(`key.${index}`, text);
  for (const [index, value] of values.entries()) {
    path(`values.${index}.path`, value.path);
    path(`values.${index}.unit.path`, value.unit?.path);
    path(`values.${index}.when.path`, value.when?.path);
    if (!isName(value.point)) problems.push(`values.${index}.point is ${shortText(value.point)}: expected a point id`);
    if (value.scale === 0) problems.push(`values.${index}.scale is 0: expected a number other than 0`);
  }
  for (const [index, condition] of conditions.entries()) {
    path(`conditions.${index}.path`, condition.path);
    path(`conditions.${index}.when.path`, condition.when?.path);
    const points: (readonly [string, string | undefined])[] = [[`conditions.${index}.point`, condition.point]];
    const cases = Object.entries(condition.cases);
    if (cases.length === 0) problems.push(`conditions.${index}.cases is empty: expected a case for each value`);
    for (const [value, found] of cases) {
      if (found === 'ignore') continue;
      const place = `conditions.${index}.cases.${shortText(value)}`;
      if (!isName(found.kind)) problems.push(`${place}.kind is ${shortText(found.kind)}: expected a kind of event`);
      points.push([`${place}.point`, found.point]);
    }
    for (const [field, point] of points)
      if (point !== undefined && point !== '' && !isName(point))
        problems.push(`${field} is ${shortText(point)}: expected a point, a prefix of one or ""`);
  }
  if (values.length + conditions.length === 0) problems.push('values and conditions are empty: expected a rule');
  if (mapping.time?.format === 'local' && mapping.time.utcOffset === undefined)
    problems.push('time.utcOffset is absent: expected "+08:00" or the like with format local');
  if (mapping.time !== undefined && mapping.time.format !== 'local' && mapping.time.utcOffset !== undefined)
    problems.push(`time.utcOffset is ${shortText(mapping.time.utcOffset)}: expected with format local only`);
  return problems;
}
