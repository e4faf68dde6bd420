/** What a command prints and how it ends: stdout is data, stderr is words; 0 ok, 1 failed, 2 usage. */
export type Command = {
  /** Shown by `--help`, examples first. */
  readonly usage: string;
  /** Resolves with the exit code; throws UsageError for a wrong call, anything else for a failure. */
  run(args: readonly string[]): Promise<number>;
};

export class UsageError extends Error {}
