/** Where something stands: sheet and row as a spreadsheet counts; of JSON `devices` and the number of the device. */
export type RowPlace = { readonly sheet: string; readonly row: number };

/** Something that is wrong with what was sent; `code` is stable. */
export type FactoryFinding = {
  readonly place: RowPlace;
  readonly column: string;
  readonly value?: string;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
};
