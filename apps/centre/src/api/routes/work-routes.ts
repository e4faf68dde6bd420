import { page, WorkAssignees, WorkOrder, WorkOrderCounts, workOrderStates, WorkWords } from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { findPhoto, findWorkOrder, listWorkOrders, workOrderHistory } from '../../workorder/list-work-orders.ts';
import { assigneesOf } from '../../workorder/work-assignees.ts';
import { countsOf } from '../../workorder/work-counts.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { Cursor, DEFAULT_LIMIT, Limit, parseWords } from '../parameters.ts';
import { notFound, Problem } from '../problem.ts';
import { workActRoutes } from './work-act-routes.ts';

const ById = Type.Object({ id: Type.String({ maxLength: 64 }) });
/** Work orders 工单: docs/guides/work-orders.md. */
export function workRoutes(api: Api, context: ApiContext): void {
  workActRoutes(api, context);
  const { store, situation, clock } = context;

  api.get(
    '/api/v1/work-orders',
    {
      config: { access: 'work.read' },
      schema: {
        summary: 'Work orders, newest first; without `state` all that are not closed',
        tags: ['work orders'],
        querystring: Type.Object({
          state: Type.Optional(
            Type.String({ description: `one or more of ${workOrderStates.join(', ')}, separated by commas` }),
          ),
          venueId: Type.Optional(Type.String({ maxLength: 128 })),
          deviceId: Type.Optional(Type.String({ maxLength: 64 })),
          alarmId: Type.Optional(Type.String({ maxLength: 64, description: 'closed ones too' })),
          assignee: Type.Optional(Type.String({ maxLength: 128, description: 'user name or id of an organisation' })),
          mine: Type.Optional(Type.Boolean({ description: 'given to the caller, or he set out for it' })),
          overdue: Type.Optional(Type.Boolean()),
          limit: Limit,
          cursor: Cursor,
        }),
        response: { 200: page(Type.Ref('WorkOrder')), default: Problem },
      },
    },
    async (request) => {
      const { scope, username } = callerOf(request);
      const {
        state,
        venueId,
        deviceId,
        alarmId,
        assignee,
        mine,
        overdue,
        limit = DEFAULT_LIMIT,
        cursor,
      } = request.query;
      const position = cursor === undefined ? undefined : decodeCursor(cursor, ['number', 'string']);
      const found = await listWorkOrders(scope, store, {
        ...(state !== undefined && { states: parseWords('state', state, workOrderStates) }),
        ...(venueId !== undefined && { venueId }),
        ...(deviceId !== undefined && { deviceId }),
        ...(alarmId !== undefined && { alarmId }),
        ...(assignee !== undefined && { assignee }),
        ...(mine === true && { mine: username }),
        ...(overdue === true && { overdueAt: clock.now() }),
        limit: limit + 1,
        ...(position !== undefined && { after: { openedAt: position[0] as number, id: position[1] as string } }),
      });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const hasMore = found.length > limit && last !== undefined;
      return { items, ...(hasMore && { nextCursor: encodeCursor([Date.parse(last.openedAt), last.id]) }) };
    },
  );

  api.get(
    '/api/v1/work-orders/counts',
    {
      config: { access: 'work.read' },
      schema: {
        summary: 'How many work orders there are, and how many faults wait behind them',
        tags: ['work orders'],
        response: { 200: WorkOrderCounts, default: Problem },
      },
    },
    async (request) => countsOf(situation.work, callerOf(request).scope),
  );

  api.get(
    '/api/v1/work-orders/words',
    {
      config: { access: 'work.read' },
      schema: {
        summary: 'Codes of causes with their words',
        tags: ['work orders'],
        response: { 200: WorkWords, default: Problem },
      },
    },
    async () => ({ causes: [...situation.work.rules.causes] }),
  );

  const find = async (request: FastifyRequest, id: string): Promise<WorkOrder> => {
    const order = await findWorkOrder(callerOf(request).scope, store, id);
    if (order === undefined) throw notFound(`work order ${id}`);
    return order;
  };

  api.get(
    '/api/v1/work-orders/:id',
    {
      config: { access: 'work.read' },
      schema: {
        summary: 'One work order',
        tags: ['work orders'],
        params: ById,
        response: { 200: WorkOrder, default: Problem },
      },
    },
    async (request) => find(request, request.params.id),
  );

  api.get(
    '/api/v1/work-orders/:id/history',
    {
      config: { access: 'work.read' },
      schema: {
        summary: 'Every step of a work order, oldest first',
        tags: ['work orders'],
        params: ById,
        response: { 200: page(Type.Ref('WorkOrderStep')), default: Problem },
      },
    },
    async (request) => {
      const { id } = await find(request, request.params.id);
      return { items: [...(await workOrderHistory(callerOf(request).scope, store, id))] };
    },
  );

  api.get(
    '/api/v1/work-orders/:id/assignees',
    {
      config: { access: 'work.assign' },
      schema: {
        summary: 'People and organisations it may be given to, with how many open orders each has',
        tags: ['work orders'],
        params: ById,
        response: { 200: WorkAssignees, default: Problem },
      },
    },
    async (request) => assigneesOf(context, callerOf(request), (await find(request, request.params.id)).venueId),
  );

  api.get(
    '/api/v1/work-orders/:id/photos/:photoId',
    {
      config: { access: 'work.read' },
      schema: {
        summary: 'A photo of a repair, as it was sent',
        tags: ['work orders'],
        params: Type.Object({ id: Type.String({ maxLength: 64 }), photoId: Type.String({ maxLength: 64 }) }),
        response: {
          200: {
            description: 'JPEG or PNG',
            content: { 'image/*': { schema: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) } },
          },
          default: Problem,
        },
      },
    },
    async (request, reply) => {
      const { id, photoId } = request.params;
      const photo = await findPhoto(callerOf(request).scope, store, id, photoId);
      if (photo === undefined) throw notFound(`photo ${photoId} of work order ${id}`);
      const extension = photo.mediaType === 'image/png' ? 'png' : 'jpg';
      // Opened by itself it is saved, not shown: what somebody sent must not run as a page of ours. <img> shows it.
      void reply.header('content-disposition', `attachment; filename="${photoId.replace(/\W/g, '')}.${extension}"`);
      void reply.header('cross-origin-resource-policy', 'same-origin');
      return reply.type(photo.mediaType).send(Buffer.from(photo.body));
    },
  );
}
