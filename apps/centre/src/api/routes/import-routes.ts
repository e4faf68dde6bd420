import { ImportReport, importSheets } from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { exportRegistry } from '../../registry/import/export-registry.ts';
import { readSheets } from '../../registry/workbook/read-sheets.ts';
import { WorkbookError, type Sheet } from '../../registry/workbook/sheet.ts';
import { writeXlsx } from '../../registry/workbook/write-xlsx.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { ApiError, Problem } from '../problem.ts';
import { orProblem } from '../registry-answer.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** A workbook in, a workbook out. What comes in may be of any venue: it takes a caller who is bound to none. */
export function importRoutes(api: Api, context: ApiContext): void {
  // A room of its own: everywhere else these content types stay refused.
  void api.register(async (instance) => routesOf(instance as Api, context));
}

function routesOf(api: Api, { situation, registryDesk }: ApiContext): void {
  api.addContentTypeParser(
    [XLSX, 'application/octet-stream', 'text/csv'],
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    (_request, body, done) => done(null, body),
  );
  const needAll = (request: FastifyRequest): string => {
    const { scope, username } = callerOf(request);
    if (scope.venues !== 'all') throw new ApiError(403, 'forbidden', 'this account is bound to some venues');
    return username;
  };

  api.post(
    '/api/v1/imports',
    {
      config: { access: 'registry.manage' },
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        summary: 'Import a workbook, all of it or nothing',
        description:
          `Body: an .xlsx (${XLSX}), a CSV (text/csv with ?sheet=), or JSON {"venues":"id,name,…\\n…","devices":"…"} ` +
          'of CSV texts by sheet. With problems the answer is 422 with the report, and nothing is written.',
        tags: ['registry'],
        querystring: Type.Object({
          preview: Type.Optional(Type.String({ maxLength: 5, description: 'present and not "false": only look' })),
          sheet: Type.Optional(Type.String({ maxLength: 40, description: `of a CSV: ${importSheets.join(', ')}` })),
        }),
        response: {
          200: ImportReport,
          201: ImportReport,
          422: {
            description: 'the report of what is wrong in the file, or a problem when it cannot be read',
            content: {
              'application/json': { schema: ImportReport },
              'application/problem+json': { schema: Problem },
            },
          },
          default: Problem,
        },
      },
    },
    async (request, reply) => {
      const by = needAll(request);
      const { preview, sheet } = request.query;
      const sheets = await sheetsOf(request.body, sheet);
      if (preview !== undefined && preview !== 'false') {
        const report = registryDesk.previewImport(sheets, by);
        return reply.code(200).send(report);
      }
      const report = await orProblem(registryDesk.import(sheets, by));
      return reply.code(report.applied ? 201 : 422).send(report);
    },
  );

  api.get(
    '/api/v1/export',
    {
      config: { access: 'registry.manage' },
      schema: {
        summary: 'The registry as a workbook that the import reads back',
        tags: ['registry'],
        querystring: Type.Object({
          template: Type.Optional(
            Type.String({ maxLength: 5, description: 'present and not "false": the headings alone' }),
          ),
          language: Type.Optional(Type.String({ pattern: '^(zh|en)$', description: 'of the headings; default en' })),
        }),
        response: {
          200: {
            description: 'an .xlsx workbook',
            content: { [XLSX]: { schema: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) } },
          },
          default: Problem,
        },
      },
    },
    async (request, reply) => {
      const { scope } = callerOf(request);
      const { template = 'false', language } = request.query;
      const isTemplate = template !== 'false';
      const shown = isTemplate ? { venues: [] } : scope;
      const sheets = exportRegistry(situation.registry, shown, language === 'zh' ? 'zh' : 'en');
      const name = isTemplate ? 'fengsui-template.xlsx' : 'fengsui.xlsx';
      void reply.header('content-disposition', `attachment; filename="${name}"`).type(XLSX);
      return reply.send(writeXlsx(sheets));
    },
  );
}

async function sheetsOf(body: unknown, sheet: string | undefined): Promise<readonly Sheet[]> {
  try {
    if (Buffer.isBuffer(body)) return await readSheets(sheet ?? 'workbook', body);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
      const files = Object.entries(body).map(([name, text]) => readSheets(name, Buffer.from(String(text), 'utf8')));
      return (await Promise.all(files)).flat();
    }
  } catch (error) {
    if (error instanceof WorkbookError) throw new ApiError(422, error.code, error.message);
    throw error;
  }
  throw new ApiError(400, 'invalidRequest', 'the body is neither a workbook nor CSV texts by sheet');
}
