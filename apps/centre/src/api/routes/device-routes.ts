import { Device, deviceLifeStates, oneOf } from '@fengsui/protocol';
import { Type } from 'typebox';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { IdempotentAnswers } from '../idempotent-answers.ts';
import { deviceInScope, venueInScope } from '../in-scope.ts';
import { IdempotencyKey } from '../parameters.ts';
import { Problem } from '../problem.ts';
import { orProblem } from '../registry-answer.ts';
import { deviceView } from './registry-routes.ts';

const Id = Type.String({ minLength: 1, maxLength: 64 });
const ById = Type.Object({ id: Type.String({ maxLength: 128 }) });
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '\\S' });
const strict = { additionalProperties: false } as const;

const NewDeviceBody = Type.Object(
  {
    id: Id,
    model: Type.String({ maxLength: 64 }),
    venueId: Id,
    parentId: Type.Optional(Id),
    name: Type.Optional(Text(120)),
    nameEn: Type.Optional(Text(120)),
    area: Type.Optional(Text(120)),
    areaId: Type.Optional(Id),
    reportingIntervalMs: Type.Optional(Type.Integer()),
    life: Type.Optional(oneOf(deviceLifeStates)),
    gb: Type.Optional(
      Type.Object(
        {
          address: Type.String(),
          profile: Type.Optional(Type.String({ maxLength: 64 })),
          allow: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 32 })),
        },
        strict,
      ),
    ),
  },
  strict,
);

const Credential = Type.Object({
  deviceId: Type.String(),
  secret: Type.String({ description: 'shown this once' }),
});

/** What is done to devices: registered, moved through their life, tested, replaced. */
export function deviceRoutes(api: Api, { situation, registryDesk }: ApiContext): void {
  const { registry } = situation;
  const answers = new IdempotentAnswers<{ readonly deviceId: string; readonly secret: string }>();

  api.post(
    '/api/v1/devices',
    {
      config: { access: 'device.manage' },
      schema: {
        summary: 'Register a device of a venue in scope',
        tags: ['registry'],
        headers: IdempotencyKey,
        body: NewDeviceBody,
        response: { 201: Credential, default: Problem },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const { scope, username } = callerOf(request);
      venueInScope(registry, scope, body.venueId);
      // A gateway speaks for its children: of another's gateway nobody makes one, nor learns that it is there.
      if (scope.venues !== 'all' && body.parentId !== undefined) deviceInScope(registry, scope, body.parentId);
      const { deviceId, secret } = await answers.once(request, () =>
        orProblem(registryDesk.createDevice(body, username)),
      );
      return reply.code(201).send({ deviceId, secret });
    },
  );

  api.put(
    '/api/v1/devices/:id/life',
    {
      config: { access: 'device.manage' },
      schema: {
        summary: 'Move a device to another state of its life',
        tags: ['registry'],
        params: ById,
        body: Type.Object({ state: oneOf(deviceLifeStates), reason: Text(300) }, strict),
        response: { 200: Device, default: Problem },
      },
    },
    async (request) => {
      const { scope, username } = callerOf(request);
      const { id } = deviceInScope(registry, scope, request.params.id);
      const { state, reason } = request.body;
      return deviceView(situation, await orProblem(registryDesk.changeLife(id, state, reason, username)));
    },
  );

  api.post(
    '/api/v1/devices/:id/tests',
    {
      config: { access: 'device.manage' },
      schema: {
        summary: 'Record a test on site',
        tags: ['registry'],
        params: ById,
        body: Type.Object(
          {
            passed: Type.Boolean(),
            point: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
            note: Type.Optional(Text(300)),
          },
          strict,
        ),
        response: { 201: Device, default: Problem },
      },
    },
    async (request, reply) => {
      const { scope, username } = callerOf(request);
      const { id } = deviceInScope(registry, scope, request.params.id);
      const tested = await orProblem(registryDesk.recordTest(id, request.body, username));
      return reply.code(201).send(deviceView(situation, tested));
    },
  );

  api.post(
    '/api/v1/devices/:id/replace',
    {
      config: { access: 'device.manage' },
      schema: {
        summary: 'Put another device in the place of this one, which is retired',
        tags: ['registry'],
        params: ById,
        headers: IdempotencyKey,
        body: Type.Object(
          {
            newDeviceId: Id,
            model: Type.Optional(Type.String({ maxLength: 64, description: 'when it is not registered yet' })),
            reason: Text(300),
          },
          strict,
        ),
        response: { 201: Credential, default: Problem },
      },
    },
    async (request, reply) => {
      const { scope, username } = callerOf(request);
      const { id } = deviceInScope(registry, scope, request.params.id);
      const { newDeviceId, model, reason } = request.body;
      const spare = registry.device(newDeviceId);
      if (spare !== undefined) deviceInScope(registry, scope, newDeviceId);
      const replacement = { oldId: id, newId: newDeviceId, reason, ...(model !== undefined && { model }) };
      const { deviceId, secret } = await answers.once(request, () =>
        orProblem(registryDesk.replace(replacement, username)),
      );
      return reply.code(201).send({ deviceId, secret });
    },
  );

  api.post(
    '/api/v1/devices/:id/secret',
    {
      config: { access: 'device.manage' },
      schema: {
        summary: 'Give a device a new secret',
        tags: ['registry'],
        params: ById,
        response: { 201: Credential, default: Problem },
      },
    },
    async (request, reply) => {
      const { scope, username } = callerOf(request);
      const { id } = deviceInScope(registry, scope, request.params.id);
      return reply.code(201).send(await orProblem(registryDesk.renewSecret(id, username)));
    },
  );
}
