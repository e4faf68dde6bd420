import type { FastifyReply } from 'fastify';
import { Type, type TSchema } from 'typebox';
import { readSheets } from '../registry/workbook/read-sheets.ts';
import { WorkbookError, type Sheet } from '../registry/workbook/sheet.ts';
import { writeXlsx } from '../registry/workbook/write-xlsx.ts';
import type { Api } from './api-instance.ts';
import { ApiError, Problem } from './problem.ts';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const MAX_WORKBOOK_BYTES = 32 * 1024 * 1024;

/** Makes this instance, and no other, take workbooks and CSV as bytes. */
export function takeWorkbooks(api: Api): void {
  api.addContentTypeParser(
    [XLSX, 'application/octet-stream', 'text/csv'],
    { parseAs: 'buffer', bodyLimit: MAX_WORKBOOK_BYTES },
    (_request, body, done) => done(null, body),
  );
}

export const PreviewFlag = Type.Optional(
  Type.String({ maxLength: 5, description: 'present and not "false": only look' }),
);
export const isPreview = (flag: string | undefined): boolean => flag !== undefined && flag !== 'false';

/** Answers of an import: the report of what it would do (200), of what it did (201), of what is wrong (422). */
export const reportAnswers = <Report extends TSchema>(report: Report) => ({
  200: report,
  201: report,
  422: {
    description: 'the report of what is wrong, or a problem when it cannot be read',
    content: { 'application/json': { schema: report }, 'application/problem+json': { schema: Problem } },
  },
  default: Problem,
});

export const workbookAnswers = {
  200: {
    description: 'an .xlsx workbook',
    content: { [XLSX]: { schema: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) } },
  },
  default: Problem,
};

/** A workbook as bytes. @throws ApiError 422 when it is none. */
export const sheetsOfWorkbook = (name: string, bytes: Uint8Array): Promise<readonly Sheet[]> =>
  orUnreadable(readSheets(name, bytes));

/** CSV texts by sheet. @throws ApiError 422 when one cannot be read. */
export async function sheetsOfTexts(texts: Readonly<Record<string, unknown>>): Promise<readonly Sheet[]> {
  const files = Object.entries(texts).map(([name, text]) => readSheets(name, Buffer.from(String(text), 'utf8')));
  return (await orUnreadable(Promise.all(files))).flat();
}

async function orUnreadable<Read>(reading: Promise<Read>): Promise<Read> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof WorkbookError) throw new ApiError(422, error.code, error.message);
    throw error;
  }
}

export function sendWorkbook(reply: FastifyReply, name: string, sheets: Parameters<typeof writeXlsx>[0]): Buffer {
  void reply.header('content-disposition', `attachment; filename="${name}"`).type(XLSX);
  return writeXlsx(sheets);
}
