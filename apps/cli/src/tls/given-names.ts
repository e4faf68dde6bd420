import { readTlsFile, writeTlsFile } from './tls-folder.ts';

/** The names of --name as they were given the last time: the next run and the list of URLs keep them. */
export async function readGivenNames(tlsFolder: string): Promise<string[]> {
  const text = await readTlsFile(tlsFolder, 'names.json');
  if (text === undefined) return [];
  try {
    const { names } = JSON.parse(text) as { names: unknown };
    if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  } catch {
    // Said below.
  }
  throw new Error(`${tlsFolder}/names.json: expected {"names":["HOST"]}; delete it and give the names with --name`);
}

export function writeGivenNames(tlsFolder: string, names: readonly string[]): Promise<void> {
  return writeTlsFile(tlsFolder, 'names.json', `${JSON.stringify({ names })}\n`);
}
