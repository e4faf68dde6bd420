/** What goes wrong on purpose, all shares 0…1; 0 = not at all. */
export type Faults = {
  /** Every so many seconds all connections are cut at once and come back within a second; 0 = never. */
  readonly stormEveryS: number;
  /** Of the reports: sent a second time, with the same seq. */
  readonly duplicates: number;
  /** Of the reports: the connection is cut before their PUBACK can come. */
  readonly lostAcks: number;
  /** Of the devices: their clock is ten minutes ahead or behind. */
  readonly skew: number;
  /** Of the reports: followed by a payload nobody can read. */
  readonly garbage: number;
  /** Of the devices: they fall silent after their third report. */
  readonly silent: number;
};

export const noFaults: Faults = { stormEveryS: 0, duplicates: 0, lostAcks: 0, skew: 0, garbage: 0, silent: 0 };

/** Names on the command line: field, value when none is given, most. */
export const faultNames: Readonly<Record<string, readonly [field: keyof Faults, usual: number, most: number]>> = {
  storm: ['stormEveryS', 10, 86_400],
  duplicates: ['duplicates', 0.02, 1],
  lostAcks: ['lostAcks', 0.002, 1],
  skew: ['skew', 0.05, 1],
  garbage: ['garbage', 0.01, 1],
  silent: ['silent', 0.05, 1],
};

/**
 * Reads `storm,duplicates=0.1`, several texts one after the other; `all` is all of them at their usual values.
 *
 * @throws Error naming the word and what is expected.
 */
export function parseFaults(texts: readonly string[]): Faults {
  const faults: Record<keyof Faults, number> = { ...noFaults };
  for (const word of texts.flatMap((text) => text.split(',')).map((each) => each.trim())) {
    if (word === 'all') {
      for (const [field, usual] of Object.values(faultNames)) faults[field] = usual;
      continue;
    }
    const [name = '', given] = word.split('=', 2);
    const known = Object.hasOwn(faultNames, name) ? faultNames[name] : undefined;
    if (known === undefined)
      throw new Error(`fault ${JSON.stringify(name)}: expected ${Object.keys(faultNames).join(', ')} or all`);
    const [field, usual, most] = known;
    const value = given === undefined ? usual : Number(given);
    if (given === '' || !(value >= 0 && value <= most))
      throw new Error(`fault ${name}=${given}: expected a number 0 to ${most}`);
    faults[field] = value;
  }
  return faults;
}
