import { Type, type Static } from 'typebox';
import { oneOf } from './schema.ts';

export const importSheets = ['organisations', 'venues', 'contacts', 'areas', 'devices', 'circuits'] as const;
export type ImportSheet = (typeof importSheets)[number];

/** One thing that is wrong in a workbook: where, what was found, and what to do. */
export const ImportProblem = Type.Object({
  sheet: Type.String(),
  row: Type.Optional(Type.Integer({ minimum: 1, description: 'as the spreadsheet counts; 1 is the heading' })),
  column: Type.Optional(Type.String({ description: 'its heading' })),
  value: Type.Optional(Type.String({ description: 'what stands there' })),
  code: Type.String({ description: 'stable' }),
  message: Type.String(),
  fix: Type.String({ description: 'what to do' }),
});
export type ImportProblem = Static<typeof ImportProblem>;

/** What an import would do, or has done. With problems nothing is written. */
export const ImportReport = Type.Object(
  {
    applied: Type.Boolean(),
    sheets: Type.Array(
      Type.Object({
        sheet: oneOf(importSheets),
        rows: Type.Integer(),
        added: Type.Integer(),
        changed: Type.Integer(),
        unchanged: Type.Integer(),
      }),
    ),
    problemCount: Type.Integer(),
    problems: Type.Array(ImportProblem, { description: 'the first 1,000' }),
    secrets: Type.Optional(
      Type.Array(Type.Object({ deviceId: Type.String(), secret: Type.String() }), {
        description: 'of the devices that were added; shown this once',
      }),
    ),
  },
  { $id: 'ImportReport' },
);
export type ImportReport = Static<typeof ImportReport>;
