import type { Batch, BatchDevice, BatchReport, CalibrationRecord, EndOfLineRecord } from '@fengsui/protocol';
import { queryOptions } from '@tanstack/react-query';
import { fetchFile, get, sendFile } from '../api/request.ts';
import type { Page } from '../api/resources.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const MAX_PAGES = 20;
const id = encodeURIComponent;

async function all<Item>(path: string, signal?: AbortSignal): Promise<Item[]> {
  const found: Item[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await get<Page<Item>>(path, { limit: 1_000, cursor }, signal);
    found.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return found;
}

const isReport = (body: unknown): boolean => typeof body === 'object' && body !== null && 'problemCount' in body;

export const factoryApi = {
  /** A workbook, or the JSON of a tester; a 422 with the report is an answer. */
  send: (file: File, isPreview: boolean) =>
    sendFile<BatchReport>(
      '/factory/batches',
      { preview: isPreview ? 'true' : undefined },
      { body: file, type: /[.]json$/i.test(file.name) ? 'application/json' : XLSX },
      isReport,
    ),
  template: (language: string) => fetchFile('/factory/template', { language }),
};

export const factoryQueries = {
  batches: () =>
    queryOptions({
      queryKey: ['batches'],
      queryFn: ({ signal }) => all<Batch>('/factory/batches', signal),
      refetchInterval: 15_000,
    }),
  batch: (batchId: string) =>
    queryOptions({
      queryKey: ['batches', batchId],
      queryFn: ({ signal }) => get<Batch>(`/factory/batches/${id(batchId)}`, {}, signal),
      refetchInterval: 15_000,
    }),
  devices: (batchId: string) =>
    queryOptions({
      queryKey: ['batches', batchId, 'devices'],
      queryFn: ({ signal }) => all<BatchDevice>(`/factory/batches/${id(batchId)}/devices`, signal),
      refetchInterval: 15_000,
    }),
  endOfLine: (deviceId: string) =>
    queryOptions({
      queryKey: ['endOfLine', deviceId],
      queryFn: ({ signal }) => get<Page<EndOfLineRecord>>(`/devices/${id(deviceId)}/end-of-line`, {}, signal),
    }),
  calibrations: (deviceId: string) =>
    queryOptions({
      queryKey: ['calibrations', deviceId],
      queryFn: ({ signal }) => get<Page<CalibrationRecord>>(`/devices/${id(deviceId)}/calibrations`, {}, signal),
      refetchInterval: 5_000,
    }),
};
