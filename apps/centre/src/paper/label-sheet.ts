const MM_PT = 72 / 25.4;
const A4_MM = { width: 210, height: 297 } as const;

/** How labels lie on an A4 sheet, in points. */
export type LabelSheet = {
  readonly columns: number;
  readonly rows: number;
  readonly widthPt: number;
  readonly heightPt: number;
  readonly leftPt: number;
  readonly topPt: number;
};

export const defaultGrid = '3x8';
export const defaultLabelMm = '70x37';

/** Below this a code and the id beside it can no longer be read. */
const LEAST_MM = { width: 38, height: 20 } as const;

/**
 * A sheet of `columns`x`rows` labels of `width`x`height` mm, centred on A4.
 *
 * @returns what is wrong with it, in words, when it cannot be printed.
 */
export function labelSheet(grid = defaultGrid, labelMm = defaultLabelMm): LabelSheet | { readonly problem: string } {
  const counts = /^(\d{1,2})[x×](\d{1,2})$/.exec(grid);
  const size = /^(\d{1,3}(?:[.]\d)?)[x×](\d{1,3}(?:[.]\d)?)$/.exec(labelMm);
  if (counts === null) return { problem: `grid is ${JSON.stringify(grid)}: expected columns x rows, such as 3x8` };
  if (size === null)
    return { problem: `size is ${JSON.stringify(labelMm)}: expected width x height in mm, such as 70x37` };
  const [columns = 0, rows = 0] = counts.slice(1).map(Number);
  const [width = 0, height = 0] = size.slice(1).map(Number);
  if (columns < 1 || rows < 1) return { problem: `grid is ${grid}: expected at least 1x1` };
  if (width < LEAST_MM.width || height < LEAST_MM.height)
    return { problem: `size is ${labelMm} mm: expected at least ${LEAST_MM.width}x${LEAST_MM.height}` };
  if (columns * width > A4_MM.width || rows * height > A4_MM.height)
    return {
      problem: `${grid} labels of ${labelMm} mm take ${columns * width} x ${rows * height} mm: expected at most 210 x 297 (A4)`,
    };
  return {
    columns,
    rows,
    widthPt: width * MM_PT,
    heightPt: height * MM_PT,
    leftPt: ((A4_MM.width - columns * width) / 2) * MM_PT,
    topPt: ((A4_MM.height - rows * height) / 2) * MM_PT,
  };
}
