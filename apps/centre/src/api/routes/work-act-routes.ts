import { hash, randomUUID } from 'node:crypto';
import { priorities } from '@fengsui/alarm';
import { canonicalJson, oneOf, WorkAssignee, WorkOrder } from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { storableJson } from '../../situation/storable-json.ts';
import { findWorkOrder } from '../../workorder/list-work-orders.ts';
import { MAX_PHOTO_BYTES, photoTypeOf } from '../../workorder/photo-type.ts';
import type { WorkAct, Worked } from '../../workorder/work-act.ts';
import { assigneeProblem } from '../../workorder/work-assignees.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import { awaitAct } from '../await-act.ts';
import type { ApiContext } from '../context.ts';
import { requestIdOf } from '../idempotent-answers.ts';
import { IdempotencyKey, parseInstant } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';
import { openingOf } from './work-opening.ts';

const ById = Type.Object({ id: Type.String({ maxLength: 64 }) });
const Revision = Type.Integer({ minimum: 1, description: 'of the order as the caller saw it; another one is refused' });
const Words = Type.String({ maxLength: 2000 });
const Reason = Type.String({ maxLength: 2000, pattern: '\\S' });
/** Longer is not postponing. */
const LONGEST_POSTPONING_MS = 90 * 86_400_000;

/** Acts of people on work orders 工单, and the photos of repairs. */
export function workActRoutes(api: Api, context: ApiContext): void {
  // A room of its own: everywhere else these content types stay refused.
  void api.register(async (instance) => photoRoutes(instance as Api, context));
  const { situation, clock } = context;

  api.post(
    '/api/v1/work-orders',
    {
      config: { access: 'work.open' },
      schema: {
        summary: 'Open a work order for an alarm, or for a detector that cannot raise one',
        description:
          'Answers 201 with the new order, or 200 with the open one of the same device, which the fault joins.',
        tags: ['work orders'],
        headers: IdempotencyKey,
        body: Type.Object({
          alarmId: Type.Optional(Type.String({ maxLength: 64, description: 'of category fault or supervisory' })),
          deviceId: Type.Optional(
            Type.String({ maxLength: 64, description: 'a blind spot; or the device of the alarm' }),
          ),
          priority: Type.Optional(oneOf(priorities)),
          note: Type.Optional(Words),
        }),
        response: { 200: WorkOrder, 201: WorkOrder, default: Problem },
      },
    },
    async (request, reply) => {
      const { venueId, act } = await openingOf(context, callerOf(request).scope, request.body);
      const { order, isNew } = await perform(context, request, venueId, act);
      return reply.code(isNew === true ? 201 : 200).send(order);
    },
  );

  type Access = 'work.assign' | 'work.close' | 'work.do';
  const options = (access: Access, summary: string) => ({
    config: { access },
    schema: {
      summary,
      tags: ['work orders'],
      params: ById,
      headers: IdempotencyKey,
      response: { 200: WorkOrder, default: Problem },
    },
  });

  const findOrder = async (request: FastifyRequest, id: string): Promise<WorkOrder> => {
    const order = await findWorkOrder(callerOf(request).scope, context.store, id);
    if (order === undefined) throw notFound(`work order ${id}`);
    return order;
  };

  /** Acts of the field only for whom it was given to. */
  const actOn = async (request: FastifyRequest, id: string, act: WorkAct): Promise<WorkOrder> => {
    const order = await findOrder(request, id);
    if (['workDepart', 'workArrive', 'workRepair', 'workPhoto'].includes(act.kind))
      mustBeHis(order, callerOf(request).username);
    return (await perform(context, request, order.venueId, act)).order;
  };

  const assign = options('work.assign', 'Give it to a person or to a maintenance organisation');
  api.post(
    '/api/v1/work-orders/:id/assign',
    {
      ...assign,
      schema: {
        ...assign.schema,
        body: Type.Object({ revision: Revision, assignee: WorkAssignee, note: Type.Optional(Words) }),
      },
    },
    async (request) => {
      const { id } = request.params;
      const { revision, assignee, note } = request.body;
      const caller = callerOf(request);
      const order = await findOrder(request, id);
      const problem = assigneeProblem(context, caller, order.venueId, assignee);
      if (problem !== undefined) throw new ApiError(422, 'invalidAssignee', problem);
      const name = assignee.kind === 'organisation' ? situation.registry.organisation(assignee.id)?.name : undefined;
      const given = { kind: assignee.kind, id: assignee.id, ...(name !== undefined && { name }) };
      return actOn(request, id, {
        kind: 'workAssign',
        orderId: id,
        revision,
        assignee: given,
        ...(note !== undefined && { note }),
      });
    },
  );

  const take = options('work.do', 'Take it oneself');
  api.post(
    '/api/v1/work-orders/:id/take',
    { ...take, schema: { ...take.schema, body: Type.Object({ revision: Revision }) } },
    async (request) => {
      const { id } = request.params;
      const { username } = callerOf(request);
      const order = await findOrder(request, id);
      if (order.assignee?.kind === 'person') mustBeHis(order, username);
      const assignee = { kind: 'person', id: username } as const;
      return actOn(request, id, { kind: 'workAssign', orderId: id, revision: request.body.revision, assignee });
    },
  );

  const depart = options('work.do', 'On the way');
  api.post(
    '/api/v1/work-orders/:id/depart',
    { ...depart, schema: { ...depart.schema, body: Type.Object({ revision: Revision }) } },
    async (request) => {
      const { id } = request.params;
      return actOn(request, id, { kind: 'workDepart', orderId: id, revision: request.body.revision });
    },
  );

  const arrive = options('work.do', 'On site');
  api.post(
    '/api/v1/work-orders/:id/arrive',
    { ...arrive, schema: { ...arrive.schema, body: Type.Object({ revision: Revision }) } },
    async (request) => {
      const { id } = request.params;
      return actOn(request, id, { kind: 'workArrive', orderId: id, revision: request.body.revision });
    },
  );

  const repair = options('work.do', 'Repaired: with words or a photo; the device has yet to show it');
  api.post(
    '/api/v1/work-orders/:id/repair',
    {
      ...repair,
      schema: {
        ...repair.schema,
        body: Type.Object({
          revision: Revision,
          cause: Type.String({ maxLength: 32, description: 'code of /work-orders/words' }),
          text: Type.Optional(Words),
          parts: Type.Optional(Words),
        }),
      },
    },
    async (request) => {
      const { id } = request.params;
      const { revision, cause, text, parts } = request.body;
      await findOrder(request, id);
      const { causes } = situation.work.rules;
      if (!causes.some(({ code }) => code === cause)) {
        const codes = causes.map(({ code }) => code).join(', ');
        throw new ApiError(422, 'invalidCause', `cause is ${JSON.stringify(cause)}, expected one of ${codes}`);
      }
      const told = { ...(text !== undefined && { text }), ...(parts !== undefined && { parts }) };
      return actOn(request, id, { kind: 'workRepair', orderId: id, revision, cause, ...told });
    },
  );

  const postpone = options('work.assign', 'Another time to repair, with the reason: a spare part is on its way');
  api.post(
    '/api/v1/work-orders/:id/postpone',
    {
      ...postpone,
      schema: {
        ...postpone.schema,
        body: Type.Object({ revision: Revision, dueAt: Type.String({ maxLength: 40 }), reason: Reason }),
      },
    },
    async (request) => {
      const { id } = request.params;
      const { revision, reason } = request.body;
      await findOrder(request, id);
      const dueAt = parseInstant('dueAt', request.body.dueAt);
      if (dueAt <= clock.now() || dueAt > clock.now() + LONGEST_POSTPONING_MS)
        throw new ApiError(422, 'invalidInstant', 'dueAt is expected within the next 90 days');
      return actOn(request, id, { kind: 'workPostpone', orderId: id, revision, dueAt, reason });
    },
  );

  for (const [path, kind, access, summary] of [
    ['close', 'workClose', 'work.close', 'Close a repair that the device has not shown; it stays marked unverified'],
    ['cancel', 'workCancel', 'work.assign', 'Call it off'],
  ] as const) {
    const closing = options(access, summary);
    api.post(
      `/api/v1/work-orders/:id/${path}`,
      { ...closing, schema: { ...closing.schema, body: Type.Object({ revision: Revision, reason: Reason }) } },
      async (request) => {
        const { id } = request.params;
        const { revision, reason } = request.body;
        return actOn(request, id, { kind, orderId: id, revision, reason });
      },
    );
  }
}

function photoRoutes(api: Api, context: ApiContext): void {
  api.addContentTypeParser(
    ['image/jpeg', 'image/png'],
    { parseAs: 'buffer', bodyLimit: MAX_PHOTO_BYTES },
    (_request, body, done) => done(null, body),
  );

  api.post(
    '/api/v1/work-orders/:id/photos',
    {
      config: { access: 'work.do' },
      bodyLimit: MAX_PHOTO_BYTES,
      schema: {
        summary: 'Add a photo to the repair that is being done',
        description: 'Body: the picture itself, image/jpeg or image/png, at most 2 MiB; five for one repair.',
        tags: ['work orders'],
        params: ById,
        headers: IdempotencyKey,
        response: { 200: WorkOrder, default: Problem },
      },
    },
    async (request) => {
      const { id } = request.params;
      const order = await findWorkOrder(callerOf(request).scope, context.store, id);
      if (order === undefined) throw notFound(`work order ${id}`);
      mustBeHis(order, callerOf(request).username);
      const body: unknown = request.body;
      const mediaType = Buffer.isBuffer(body) ? photoTypeOf(body) : undefined;
      if (!Buffer.isBuffer(body) || mediaType === undefined)
        throw new ApiError(415, 'notAPhoto', 'expected the bytes of a JPEG or PNG picture');
      const sha256 = hash('sha256', body, 'hex');
      const act = { kind: 'workPhoto', orderId: id, mediaType, bytes: body.byteLength, sha256 } as const;
      return (await perform(context, request, order.venueId, act, body)).order;
    },
  );
}

/** Given to him, or to an organisation, whose people take it in turns. */
function mustBeHis({ number, assignee }: WorkOrder, username: string): void {
  if (assignee === undefined || assignee.kind === 'organisation' || assignee.id === username) return;
  throw new ApiError(403, 'notYours', `work order ${number} is given to ${assignee.id}`);
}

async function perform(
  context: ApiContext,
  request: FastifyRequest,
  venueId: string,
  given: WorkAct,
  photo?: Buffer,
): Promise<Worked> {
  // As it will be stored: a repetition is compared with that.
  const act = JSON.parse(storableJson(given)) as WorkAct;
  const actId = requestIdOf(request) ?? randomUUID();
  const meta = { actId, venueId, by: callerOf(request).username, at: context.clock.now(), isWork: true, act } as const;
  const wanted = identityOf(act);
  const isSame = (stored: object): boolean => identityOf(stored) === wanted;
  const outcome = await awaitAct(
    context,
    meta,
    isSame,
    photo === undefined ? undefined : { lane: 'bulk', payload: photo },
  );
  if (outcome.kind !== 'worked') throw new Error(`act ${actId} on a work order ended as ${outcome.kind}`);
  return outcome;
}

/** What was known of the alarm when an order was opened may have changed between a request and its repetition. */
function identityOf(act: object): string {
  if (!('fault' in act)) return canonicalJson(act);
  const { fault, ...rest } = act as Extract<WorkAct, { kind: 'workOpen' }>;
  return canonicalJson({ ...rest, fault: fault?.conditionId ?? '' });
}
