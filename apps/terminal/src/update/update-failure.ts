/** An update that cannot be: a stable word for the centre, and a sentence. docs/reference/commands.md lists the words. */
export class UpdateFailure extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}
