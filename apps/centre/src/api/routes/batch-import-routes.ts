import { BatchImport, BatchReport, oneOf } from '@fengsui/protocol';
import { Type } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { batchForm } from '../../factory/batch-columns.ts';
import { draftOf, type BatchDraft } from '../../factory/batch-draft.ts';
import { importBatch } from '../../factory/factory-desk.ts';
import { planBatch } from '../../factory/plan-batch.ts';
import { readBatchSheets } from '../../factory/read-batch-sheets.ts';
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

/** A factory batch in, all of it or nothing, and the empty form out. */
export function batchImportRoutes(api: Api, context: ApiContext): void {
  // A room of its own: everywhere else workbooks stay refused.
  void api.register(async (instance) => routesOf(instance as Api, context));
}

function routesOf(api: Api, { situation, registryDesk, clock }: ApiContext): void {
  takeWorkbooks(api);

  api.post(
    '/api/v1/factory/batches',
    {
      config: { access: 'factory.write' },
      bodyLimit: MAX_WORKBOOK_BYTES,
      schema: {
        summary: 'Record a factory batch, or more results of one: all of it or nothing',
        description:
          `Body: JSON {"batch":{…},"devices":[…]} of an end-of-line tester, an .xlsx (${XLSX}) with the sheets batch, ` +
          'devices, tests, calibration, or JSON of CSV texts by sheet. With problems the answer is 422 with the ' +
          'report, and nothing is written.',
        tags: ['factory'],
        querystring: Type.Object({ preview: PreviewFlag }),
        response: reportAnswers(BatchReport),
      },
    },
    async (request, reply) => {
      const { scope, username } = callerOf(request);
      if (scope.venues !== 'all') throw new ApiError(403, 'forbidden', 'this account is bound to some venues');
      const draft = await draftIn(request.body);
      if (isPreview(request.query.preview))
        return reply.code(200).send(planBatch(situation.registry, draft, username, clock.now()).report);
      const report = await orProblem(importBatch(registryDesk, draft, username));
      return reply.code(report.applied ? 201 : 422).send(report);
    },
  );

  api.get(
    '/api/v1/factory/template',
    {
      config: { access: 'factory.write' },
      schema: {
        summary: 'The workbook of a factory batch: its headings',
        tags: ['factory'],
        querystring: Type.Object({ language: Type.Optional(oneOf(['zh', 'en'])) }),
        response: workbookAnswers,
      },
    },
    async (request, reply) => {
      const isChinese = request.query.language === 'zh';
      const first = (words: string): string => words.split('|')[0] ?? words;
      const sheets = batchForm.names.map((name) => ({
        name: isChinese ? first(batchForm.words[name]) : name,
        rows: [{ number: 1, cells: batchForm.columns[name].map(({ key, zh }) => (isChinese ? first(zh) : key)) }],
      }));
      return reply.send(sendWorkbook(reply, 'fengsui-batch.xlsx', sheets));
    },
  );
}

async function draftIn(body: unknown): Promise<BatchDraft> {
  if (Buffer.isBuffer(body)) return readBatchSheets(await sheetsOfWorkbook('batch', body));
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ApiError(400, 'invalidRequest', 'the body is neither a batch, a workbook nor CSV texts by sheet');
  const texts: Readonly<Record<string, unknown>> = { ...body };
  const isTexts = Object.values(texts).every((text) => typeof text === 'string');
  if (isTexts && Object.keys(texts).length > 0) return readBatchSheets(await sheetsOfTexts(texts));
  if (Check(BatchImport, body)) return draftOf(body);
  const wrong = [...Errors(BatchImport, body)].filter(({ message }) => message !== 'schema is false').slice(0, 10);
  const words = wrong.map(
    ({ instancePath, message }) =>
      `${instancePath === '' ? 'the body' : instancePath.slice(1).replaceAll('/', '.')} ${message}`,
  );
  throw new ApiError(400, 'invalidRequest', words.join('; '));
}
