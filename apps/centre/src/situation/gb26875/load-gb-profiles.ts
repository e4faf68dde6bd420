import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readGbProfile, standardGbProfile, type GbProfile } from '@fengsui/protocol';

/**
 * Every profile of a folder, one JSON file each.
 *
 * @throws Error naming every file that holds none, and why: a device read by the wrong profile tells the wrong alarm.
 */
export async function loadGbProfiles(folder: string | undefined): Promise<readonly GbProfile[]> {
  if (folder === undefined) return [];
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const profiles = new Map<string, GbProfile>();
  const problems: string[] = [];
  for (const name of names) {
    const outcome = readGbProfile(await readJson(path.join(folder, name), problems));
    if (outcome.kind === 'problems') problems.push(...outcome.problems.map((problem) => `${name}: ${problem}`));
    else if (outcome.profile.id === standardGbProfile.id || profiles.has(outcome.profile.id)) {
      problems.push(`${name}: a profile ${outcome.profile.id} is there already`);
    } else profiles.set(outcome.profile.id, outcome.profile);
  }
  if (problems.length > 0) throw new Error(`gb26875.profiles ${folder}: ${problems.join('; ')}`);
  return [...profiles.values()];
}

async function readJson(file: string, problems: string[]): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    problems.push(`${path.basename(file)}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
