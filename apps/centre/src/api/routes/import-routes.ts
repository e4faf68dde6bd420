import { ImportReport, importSheets } from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { exportRegistry } from '../../registry/import/export-registry.ts';
import type { Sheet } from '../../registry/workbook/sheet.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { ApiError } from '../problem.ts';
import { orProblem } from '../registry-answer.ts';
import {
  isPreview,
  MAX_WORKBOOK_BYTES,
  PreviewFlag,
  reportAnswers,
  sendWorkbook,
  sheetsOfTexts,
  sheetsOfWorkbook,
  takeWorkbooks,
  workbookAnswers,
  XLSX,
} from '../workbook-body.ts';

/** A workbook in, a workbook out. What comes in may be of any venue: it takes a caller who is bound to none. */
export function importRoutes(api: Api, context: ApiContext): void {
  // A room of its own: everywhere else these content types stay refused.
  void api.register(async (instance) => routesOf(instance as Api, context));
}

function routesOf(api: Api, { situation, registryDesk }: ApiContext): void {
  takeWorkbooks(api);
  const needAll = (request: FastifyRequest): string => {
    const { scope, username } = callerOf(request);
    if (scope.venues !== 'all') throw new ApiError(403, 'forbidden', 'this account is bound to some venues');
    return username;
  };

  api.post(
    '/api/v1/imports',
    {
      config: { access: 'registry.manage' },
      bodyLimit: MAX_WORKBOOK_BYTES,
      schema: {
        summary: 'Import a workbook, all of it or nothing',
        description:
          `Body: an .xlsx (${XLSX}), a CSV (text/csv with ?sheet=), or JSON {"venues":"id,name,…\\n…","devices":"…"} ` +
          'of CSV texts by sheet. With problems the answer is 422 with the report, and nothing is written.',
        tags: ['registry'],
        querystring: Type.Object({
          preview: PreviewFlag,
          sheet: Type.Optional(Type.String({ maxLength: 40, description: `of a CSV: ${importSheets.join(', ')}` })),
        }),
        response: reportAnswers(ImportReport),
      },
    },
    async (request, reply) => {
      const by = needAll(request);
      const { preview, sheet } = request.query;
      const sheets = await sheetsOf(request.body, sheet);
      if (isPreview(preview)) return reply.code(200).send(registryDesk.previewImport(sheets, by));
      const report = await orProblem(registryDesk.import(sheets, by));
      return reply.code(report.applied ? 201 : 422).send(report);
    },
  );

  api.get(
    '/api/v1/export',
    {
      config: { audit: 'read', access: 'registry.manage' },
      schema: {
        summary: 'The registry as a workbook that the import reads back',
        tags: ['registry'],
        querystring: Type.Object({
          template: Type.Optional(
            Type.String({ maxLength: 5, description: 'present and not "false": the headings alone' }),
          ),
          language: Type.Optional(Type.String({ pattern: '^(zh|en)$', description: 'of the headings; default en' })),
        }),
        response: workbookAnswers,
      },
    },
    async (request, reply) => {
      const { scope } = callerOf(request);
      const { template = 'false', language } = request.query;
      const isTemplate = template !== 'false';
      const shown = isTemplate ? { venues: [] } : scope;
      const sheets = exportRegistry(situation.registry, shown, language === 'zh' ? 'zh' : 'en');
      const name = isTemplate ? 'fengsui-template.xlsx' : 'fengsui.xlsx';
      return reply.send(sendWorkbook(reply, name, sheets));
    },
  );
}

function sheetsOf(body: unknown, sheet: string | undefined): Promise<readonly Sheet[]> {
  if (Buffer.isBuffer(body)) return sheetsOfWorkbook(sheet ?? 'workbook', body);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return sheetsOfTexts({ ...body });
  throw new ApiError(400, 'invalidRequest', 'the body is neither a workbook nor CSV texts by sheet');
}
