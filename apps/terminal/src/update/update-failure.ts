/** An update that cannot be: a stable word for the centre, and a sentence. docs/reference/commands.md lists the words. */
export class UpdateFailure extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** The failure itself, or what else went wrong under the word `code`. */
export const updateFailureOf = (error: unknown, code: string): UpdateFailure =>
  error instanceof UpdateFailure
    ? error
    : new UpdateFailure(code, error instanceof Error ? error.message : String(error));
