import { readFile } from 'node:fs/promises';
import { siteProblems, type Site } from './site.ts';

/** Reads a site file (JSON). @throws Error naming the file and everything that is wrong in it. */
export async function loadSite(file: string): Promise<Site> {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}; expected a JSON object`, {
      cause: error,
    });
  }
  const problems = siteProblems(document);
  if (problems.length > 0) throw new Error(problems.map((problem) => `${file}: ${problem}`).join('\n'));
  return document as Site;
}
