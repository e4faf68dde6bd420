import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvaluationError } from '../suite.ts';

/** A JSON object whose fields are still to be checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** Reads DIR/index.json. Throws EvaluationError naming the folder and what is missing. */
export async function readIndex(folder: string): Promise<Fields> {
  const path = join(folder, 'index.json');
  if (!existsSync(folder)) throw new EvaluationError(`${folder}: there is no such folder`);
  if (!existsSync(path)) throw new EvaluationError(`${folder}: index.json is missing, expected a data folder`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new EvaluationError(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (!isFields(parsed)) throw new EvaluationError(`${path}: expected a JSON object`);
  return parsed;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of objects in `fields`. `place` names the file in the error. */
export function listIn(fields: Fields, name: string, place: string): readonly Fields[] {
  const list = fields[name];
  if (!Array.isArray(list) || !list.every(isFields)) {
    throw new EvaluationError(`${place}: ${name} is ${shown(list)}, expected a list of objects`);
  }
  return list;
}

/** A finite number in `fields`. */
export function numberIn(fields: Fields, name: string, place: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new EvaluationError(`${place}: ${name} is ${shown(value)}, expected a number`);
  }
  return value;
}

/** A text in `fields`. */
export function textIn(fields: Fields, name: string, place: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new EvaluationError(`${place}: ${name} is ${shown(value)}, expected a text`);
  return value;
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : (JSON.stringify(value)?.slice(0, 40) ?? typeof value);
}
