import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { deviceModelProblems, type DeviceModel, type SensorFamily } from '@fengsui/protocol';

export type { DeviceModel, ModelPoint } from '@fengsui/protocol';

/** For a device whose model is not known (any more). */
export const unknownFamily: SensorFamily = 'other';

const folder = path.join(import.meta.dirname, 'models');

/** A model out of a file's text, or what is wrong with it: file, field, value, expectation. */
export function readDeviceModel(
  text: string,
  file: string,
): { readonly model: DeviceModel } | { readonly problems: readonly string[] } {
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { problems: [`${file}: is not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const problems = deviceModelProblems(document).map((problem) => `${file}: ${problem}`);
  return problems.length > 0 ? { problems } : { model: document as DeviceModel };
}

/** The models that come with the product, one file each: `models/<id>.json`. */
export const genericModels: readonly DeviceModel[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => {
    const read = readDeviceModel(readFileSync(path.join(folder, name), 'utf8'), `models/${name}`);
    if ('problems' in read) throw new Error(read.problems.join('\n'));
    if (`${read.model.id}.json` !== name) throw new Error(`models/${name}: id is "${read.model.id}"`);
    return read.model;
  });
