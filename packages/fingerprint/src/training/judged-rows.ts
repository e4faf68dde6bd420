/** What the model says about rows whose group it did not see, and whether it was right. */
export type JudgedRows = {
  /** Type probabilities, row-major rowCount × classCount. */
  readonly types: Float64Array;
  readonly typeTop: Float64Array;
  readonly typeRight: Float64Array;
  readonly familyTop: Float64Array;
  readonly familyRight: Float64Array;
  readonly unknownScore: Float64Array;
};
