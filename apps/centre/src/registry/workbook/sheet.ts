/** A table out of a spreadsheet: cells are text, as a person reads them; `number` is the row as the spreadsheet counts. */
export type Sheet = {
  readonly name: string;
  readonly rows: readonly { readonly number: number; readonly cells: readonly string[] }[];
};

/** A file that cannot be read as what it claims to be; the message says what to do. */
export class WorkbookError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Of all sheets together: far above any city's, far below what memory bears. */
export const MAX_CELLS = 5_000_000;
