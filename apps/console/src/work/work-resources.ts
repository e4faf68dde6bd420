import type {
  WorkAssignee,
  WorkAssignees,
  WorkOrder,
  WorkOrderCounts,
  WorkOrderStep,
  WorkWords,
} from '@fengsui/protocol';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { apiPath, get, post, sendFile } from '../api/request.ts';
import type { Page } from '../api/resources.ts';

const id = encodeURIComponent;
const pathOf = (orderId: string, rest = ''): string => `/work-orders/${id(orderId)}${rest}`;

/** An act on an order as the screen saw it. */
const act = (order: WorkOrder, what: string, body: object = {}): Promise<WorkOrder> =>
  post<WorkOrder>(pathOf(order.id, `/${what}`), { revision: order.revision, ...body });

export const workApi = {
  /** For an alarm, or for a detector that cannot raise one. */
  open: (about: { readonly alarmId: string } | { readonly deviceId: string }) => post<WorkOrder>('/work-orders', about),
  take: (order: WorkOrder) => act(order, 'take'),
  assign: (order: WorkOrder, assignee: Pick<WorkAssignee, 'kind' | 'id'>) => act(order, 'assign', { assignee }),
  depart: (order: WorkOrder) => act(order, 'depart'),
  arrive: (order: WorkOrder) => act(order, 'arrive'),
  repair: (order: WorkOrder, repair: { cause: string; text?: string; parts?: string }) => act(order, 'repair', repair),
  postpone: (order: WorkOrder, dueAt: string, reason: string) => act(order, 'postpone', { dueAt, reason }),
  close: (order: WorkOrder, reason: string) => act(order, 'close', { reason }),
  cancel: (order: WorkOrder, reason: string) => act(order, 'cancel', { reason }),
  addPhoto: (orderId: string, photo: Blob) =>
    sendFile<WorkOrder>(pathOf(orderId, '/photos'), {}, { body: photo, type: photo.type }, () => false),
} as const;

export const photoPath = (orderId: string, photoId: string): string =>
  apiPath(pathOf(orderId, `/photos/${id(photoId)}`));

const CLOSED_SHOWN = 100;

export const workQueries = {
  order: (orderId: string) =>
    queryOptions({
      queryKey: ['workOrder', orderId],
      queryFn: ({ signal }) => get<WorkOrder>(pathOf(orderId), {}, signal),
    }),
  /** Whatever came after the last revision seen is asked for anew. */
  history: (orderId: string, version: string) =>
    queryOptions({
      queryKey: ['workHistory', orderId, version],
      queryFn: async ({ signal }) => (await get<Page<WorkOrderStep>>(pathOf(orderId, '/history'), {}, signal)).items,
      placeholderData: keepPreviousData,
    }),
  closed: () =>
    queryOptions({
      queryKey: ['workClosed'],
      queryFn: async ({ signal }) =>
        (
          await get<Page<WorkOrder>>(
            '/work-orders',
            { state: 'verified,unverified,cancelled', limit: CLOSED_SHOWN },
            signal,
          )
        ).items,
    }),
  ofAlarm: (alarmId: string, version: string) =>
    queryOptions({
      queryKey: ['workOfAlarm', alarmId, version],
      queryFn: async ({ signal }) => (await get<Page<WorkOrder>>('/work-orders', { alarmId, limit: 1 }, signal)).items,
      placeholderData: keepPreviousData,
      refetchInterval: 15_000,
    }),
  counts: () =>
    queryOptions({
      queryKey: ['workCounts'],
      queryFn: ({ signal }) => get<WorkOrderCounts>('/work-orders/counts', {}, signal),
      refetchInterval: 15_000,
    }),
  words: () =>
    queryOptions({
      queryKey: ['workWords'],
      queryFn: ({ signal }) => get<WorkWords>('/work-orders/words', {}, signal),
      staleTime: 10 * 60_000,
    }),
  assignees: (orderId: string) =>
    queryOptions({
      queryKey: ['workAssignees', orderId],
      queryFn: ({ signal }) => get<WorkAssignees>(pathOf(orderId, '/assignees'), {}, signal),
    }),
} as const;
