import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { registerMapProblems, type RegisterMap } from './register-map.ts';

const shippedFolder = path.join(import.meta.dirname, 'maps');

/** Ids of the maps that come with the product. */
export function shippedMapIds(): readonly string[] {
  return readdirSync(shippedFolder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}

/**
 * @param name id of a shipped map (`eastron-sdm120`), or a file.
 * @throws Error naming the file and everything that is wrong in it.
 */
export function loadRegisterMap(name: string): RegisterMap {
  const ids = shippedMapIds();
  const isFile = name.endsWith('.json');
  if (!isFile && !ids.includes(name)) {
    throw new Error(`register map ${name}: there is no such one; expected a .json file or one of ${ids.join(', ')}`);
  }
  const file = isFile ? name : path.join(shippedFolder, `${name}.json`);
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file}: ${cause instanceof Error ? cause.message : String(cause)}; expected a register map`, {
      cause,
    });
  }
  const problems = registerMapProblems(document);
  if (problems.length > 0) throw new Error(problems.map((problem) => `${file}: ${problem}`).join('\n'));
  return document as RegisterMap;
}
