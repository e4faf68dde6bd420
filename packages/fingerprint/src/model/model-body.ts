import { FEATURES } from '../feature-vector.ts';
import { isLoadFamily } from '../load-family.ts';
import type { RecognitionModel } from './recognition-model.ts';

/** The body of a model file: the model with its trees as text, and the features it was made with, in order. */
export type ModelBody = Omit<RecognitionModel, 'forest'> & {
  readonly forest: string;
  readonly features: readonly string[];
};

/** The first thing that is wrong with a body, with its place and what was expected; undefined when nothing is. */
export function modelBodyProblem(body: Readonly<Record<string, unknown>>): string | undefined {
  return (
    textProblem(body) ??
    featureProblem(body['features']) ??
    typeProblem(body['types']) ??
    numberProblem(body) ??
    spaceProblem('typeSpace', body['typeSpace'], lengthOf(body['spaceFeatures']), lengthOf(body['types'])) ??
    devicesProblem(body['deviceSpace'], lengthOf(body['spaceFeatures']), lengthOf(body['types'])) ??
    curveProblem('typeCurve', body['typeCurve']) ??
    curveProblem('familyCurve', body['familyCurve']) ??
    curveProblem('deviceCurve', body['deviceCurve']) ??
    policyProblem(body['policy']) ??
    cardProblem(body['card']) ??
    typicalProblem(body['typical'])
  );
}

function textProblem(body: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of ['id', 'version', 'forest']) {
    if (typeof body[name] !== 'string' || body[name] === '') return `${name} is ${show(body[name])}; expected a text`;
  }
  if (body['kind'] !== 'recognitionModel') return `kind is ${show(body['kind'])}; expected "recognitionModel"`;
  return undefined;
}

function featureProblem(features: unknown): string | undefined {
  const names = FEATURES.map(({ name }) => name);
  if (!isTextList(features)) return 'features is no list of texts';
  const different = names.findIndex((name, place) => features[place] !== name);
  if (different >= 0 || features.length !== names.length) {
    return `features differ at place ${different >= 0 ? different : names.length}; expected ${names.length} as of this schema version`;
  }
  return undefined;
}

function typeProblem(types: unknown): string | undefined {
  if (!Array.isArray(types) || types.length < 2) return 'types is no list of at least 2';
  const bad = types.findIndex(
    (type: unknown) =>
      !isRecord(type) ||
      typeof type['name'] !== 'string' ||
      typeof type['family'] !== 'string' ||
      !isLoadFamily(type['family']),
  );
  return bad < 0 ? undefined : `types[${bad}] is ${show(types[bad])}; expected a name and a load family`;
}

function numberProblem(body: Readonly<Record<string, unknown>>): string | undefined {
  if (!isWithin(body['discriminantWeight'], 0, 1))
    return `discriminantWeight is ${show(body['discriminantWeight'])}; expected 0 to 1`;
  for (const name of ['typeTemperature', 'familyTemperature']) {
    if (!isWithin(body[name], 0.01, 100)) return `${name} is ${show(body[name])}; expected 0.01 to 100`;
  }
  const names = FEATURES.map(({ name }) => name);
  const spaceFeatures = body['spaceFeatures'];
  if (!isTextList(spaceFeatures) || !spaceFeatures.every((name) => names.includes(name))) {
    return 'spaceFeatures is no list of feature names';
  }
  const reach = body['typeReach'];
  if (!isNumberList(reach, lengthOf(body['types'])) || !reach.every((value) => value > 0)) {
    return 'typeReach is no list of one positive number per type';
  }
  return undefined;
}

function spaceProblem(name: string, space: unknown, columns: number, classes: number): string | undefined {
  if (!isRecord(space)) return `${name} is no object`;
  const { scale } = space;
  if (space['columnCount'] !== columns)
    return `${name}.columnCount is ${show(space['columnCount'])}; expected ${columns}`;
  if (space['classCount'] !== classes) return `${name}.classCount is ${show(space['classCount'])}; expected ${classes}`;
  if (!isRecord(scale) || !isNumberList(scale['middle'], columns) || !isNumberList(scale['spread'], columns)) {
    return `${name}.scale has no ${columns} middles and spreads`;
  }
  if (!isNumberList(space['whitening'], columns * columns))
    return `${name}.whitening has no ${columns * columns} numbers`;
  if (!isNumberList(space['means'], classes * columns)) return `${name}.means has no ${classes * columns} numbers`;
  if (!isNumberList(space['logPriors'], classes)) return `${name}.logPriors has no ${classes} numbers`;
  return undefined;
}

function devicesProblem(space: unknown, columns: number, types: number): string | undefined {
  if (!isRecord(space)) return 'deviceSpace is no object';
  if (space['columnCount'] !== columns)
    return `deviceSpace.columnCount is ${show(space['columnCount'])}; expected ${columns}`;
  const { scatter, whitening } = space;
  if (!Array.isArray(scatter) || scatter.length !== types) return `deviceSpace.scatter has no ${types} rows`;
  const bad = scatter.findIndex((row: unknown) => !isNumberList(row, columns) || !row.every((value) => value > 0));
  if (bad >= 0) return `deviceSpace.scatter[${bad}] has no ${columns} positive numbers`;
  if (!isNumberList(whitening, columns * columns)) return `deviceSpace.whitening has no ${columns * columns} numbers`;
  return undefined;
}

function curveProblem(name: string, curve: unknown): string | undefined {
  if (!isRecord(curve)) return `${name} is no object`;
  const { x, y } = curve;
  const count = lengthOf(x);
  if (count < 1 || !isNumberList(x, count) || !isNumberList(y, count))
    return `${name} has no equally many numbers x and y`;
  const falls = x.findIndex((value, place) => place > 0 && value < (x[place - 1] as number));
  if (falls >= 0) return `${name}.x falls at place ${falls}`;
  return y.every((value) => isWithin(value, 0, 1)) ? undefined : `${name}.y is not within 0 to 1`;
}

function policyProblem(policy: unknown): string | undefined {
  if (!isRecord(policy)) return 'policy is no object';
  for (const name of ['leastTypeConfidence', 'leastFamilyConfidence', 'leastDeviceConfidence', 'mostUnknown']) {
    if (!isWithin(policy[name], 0, 1)) return `policy.${name} is ${show(policy[name])}; expected 0 to 1`;
  }
  return undefined;
}

function cardProblem(card: unknown): string | undefined {
  if (!isRecord(card)) return 'card is no object';
  for (const name of ['title', 'data', 'split', 'licence']) {
    if (typeof card[name] !== 'string') return `card.${name} is ${show(card[name])}; expected a text`;
  }
  return isRecord(card['numbers']) ? undefined : 'card.numbers is no object';
}

function typicalProblem(typical: unknown): string | undefined {
  if (!isRecord(typical)) return 'typical is no object';
  for (const [family, ranges] of Object.entries(typical)) {
    if (!isLoadFamily(family) || !isRecord(ranges)) return `typical.${family} is not of a load family`;
    for (const [feature, range] of Object.entries(ranges)) {
      if (!isNumberList(range, 2)) return `typical.${family}.${feature} is ${show(range)}; expected two numbers`;
    }
  }
  return undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isNumberList(value: unknown, count: number): value is readonly number[] {
  return Array.isArray(value) && value.length === count && value.every((one) => Number.isFinite(one));
}

function isWithin(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && value >= low && value <= high;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : -1;
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'absent').slice(0, 80);
}
