/** Where the numbers come from and as of when; evidence marks as alarm's `LimitRule.source`. */
export const capacityTableSource =
  'IEC 60364-5-52:2009 tables B.52.2 to B.52.5, copper, air at 30 °C [M]; column B2 with 3 loaded PVC conductors agrees ' +
  'with a manufacturer quoting it [S]; taken 2026-11, to be checked against the edition in force';

/** Nominal cross-sections, mm²: the columns of every row below. */
export const crossSectionsMm2 = [1.5, 2.5, 4, 6, 10, 16, 25, 35, 50, 70, 95] as const;

/**
 * A1 conductors in conduit in a heat-insulating wall, B1 conductors in conduit on a wall, B2 multi-core cable in conduit
 * on a wall, C cable clipped to a wall.
 */
export const installationMethods = ['A1', 'B1', 'B2', 'C'] as const;
export type InstallationMethod = (typeof installationMethods)[number];

/** PVC: conductor up to 70 °C; XLPE and EPR: 90 °C. */
export const maxConductorC = { PVC: 70, XLPE: 90 } as const;
export type Insulation = keyof typeof maxConductorC;

type Row = readonly number[];

/** Current capacity in A by insulation and number of loaded conductors. */
export const capacityA: Readonly<
  Record<Insulation, Readonly<Record<2 | 3, Readonly<Record<InstallationMethod, Row>>>>>
> = {
  PVC: {
    2: {
      A1: [14.5, 19.5, 26, 34, 46, 61, 80, 99, 119, 151, 182],
      B1: [17.5, 24, 32, 41, 57, 76, 101, 125, 151, 192, 232],
      B2: [16.5, 23, 30, 38, 52, 69, 90, 111, 133, 168, 201],
      C: [19.5, 27, 36, 46, 63, 85, 112, 138, 168, 213, 258],
    },
    3: {
      A1: [13.5, 18, 24, 31, 42, 56, 73, 89, 108, 136, 164],
      B1: [15.5, 21, 28, 36, 50, 68, 89, 110, 134, 171, 207],
      B2: [15, 20, 27, 34, 46, 62, 80, 99, 118, 149, 179],
      C: [17.5, 24, 32, 41, 57, 76, 96, 119, 144, 184, 223],
    },
  },
  XLPE: {
    2: {
      A1: [19, 26, 35, 45, 61, 81, 106, 131, 158, 200, 241],
      B1: [23, 31, 42, 54, 75, 100, 133, 164, 198, 253, 306],
      B2: [22, 30, 40, 51, 69, 91, 119, 146, 175, 221, 265],
      C: [24, 33, 45, 58, 80, 107, 138, 171, 209, 269, 328],
    },
    3: {
      A1: [17, 23, 31, 40, 54, 73, 95, 117, 141, 179, 216],
      B1: [20, 28, 37, 48, 66, 88, 117, 144, 175, 222, 269],
      B2: [19.5, 26, 35, 44, 60, 80, 105, 128, 154, 194, 233],
      C: [22, 30, 40, 52, 71, 96, 119, 147, 179, 229, 278],
    },
  },
};

/** Reference air temperature of the tables, °C. */
export const REFERENCE_AMBIENT_C = 30;

/** Factor for circuits bunched together; from the entry at or above the number of circuits (table B.52.17, line 1 [M]). */
export const groupingFactors: readonly { readonly circuits: number; readonly factor: number }[] = [
  { circuits: 1, factor: 1 },
  { circuits: 2, factor: 0.8 },
  { circuits: 3, factor: 0.7 },
  { circuits: 4, factor: 0.65 },
  { circuits: 5, factor: 0.6 },
  { circuits: 6, factor: 0.57 },
  { circuits: 7, factor: 0.54 },
  { circuits: 8, factor: 0.52 },
  { circuits: 9, factor: 0.5 },
  { circuits: 12, factor: 0.45 },
  { circuits: 16, factor: 0.41 },
  { circuits: 20, factor: 0.38 },
];

/** Largest resistance of a copper conductor at 20 °C, mΩ/m, by cross-section (IEC 60228 class 2 [M]). */
export const resistanceAt20MilliohmPerM: Row = [12.1, 7.41, 4.61, 3.08, 1.83, 1.15, 0.727, 0.524, 0.387, 0.268, 0.193];
