/** What the tests of one file came to. */
export type FileTally = {
  readonly passed: number;
  readonly failed: number;
  /** `name: message` of the test that failed first. */
  readonly firstError?: string;
};

/** By file, relative to the root. */
export type Tally = Readonly<Record<string, FileTally>>;

export const passedIn = (tally: Tally): number => Object.values(tally).reduce((sum, { passed }) => sum + passed, 0);
export const failedIn = (tally: Tally): number => Object.values(tally).reduce((sum, { failed }) => sum + failed, 0);
export const failedFiles = (tally: Tally): readonly string[] =>
  Object.entries(tally).flatMap(([file, { failed }]) => (failed > 0 ? [file] : []));
