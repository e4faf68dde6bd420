import { GbRelay, page, RelaySettings, relayModes } from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { putRelay, setRelayMode } from '../../registry/relay-desk.ts';
import type { RelayTarget } from '../../registry/relay-targets.ts';
import { OwedRows } from '../../relay/owed-rows.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { pageById } from '../cursor.ts';
import { relayView } from '../gb-relay-view.ts';
import { Cursor, DEFAULT_LIMIT, Limit } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';
import { orProblem } from '../registry-answer.ts';

const ById = Type.Object({ id: Type.String({ maxLength: 64 }) });
/** Thousands of ids of devices. */
const BODY_BYTES = 2 * 1024 * 1024;

const iso = (at: number): string => new Date(at).toISOString();

/** Other centres that frames of GB/T 26875.3 are passed on to. For whoever sees every venue: a relay asks for none. */
export function gbRelayRoutes(api: Api, context: ApiContext): void {
  const { situation, registryDesk, store, journal, worker } = context;
  const { registry } = situation;
  const relays = context.relays ?? {
    relay: () => undefined,
    ordersOf: () => ({ passed: 0, refused: 0 }),
    devicesOf: () => [],
  };
  const access = 'foreign.manage' as const;
  const tags = ['gb26875'];

  const seesAll = (request: FastifyRequest): boolean => callerOf(request).scope.venues === 'all';
  const mustSeeAll = (request: FastifyRequest): void => {
    if (!seesAll(request)) throw new ApiError(403, 'forbidden', 'relays are for accounts that see every venue');
  };
  const relayOf = (request: FastifyRequest, id: string): RelayTarget => {
    const target = seesAll(request) ? registry.relays.target(id) : undefined;
    if (target === undefined) throw notFound(`relay ${id}`);
    return target;
  };
  const view = async (target: RelayTarget): Promise<GbRelay> => {
    const isOff = relays.relay(target.id) === undefined;
    const owed = isOff ? await new OwedRows(target.id, { store, journal, worker, situation }).count() : 0;
    return relayView(situation, relays, target, owed);
  };

  api.get(
    '/api/v1/relays',
    {
      config: { access },
      schema: {
        summary: 'Centres that frames of transmission devices are passed on to, and how they stand',
        tags,
        response: { 200: Type.Object({ items: Type.Array(GbRelay) }), default: Problem },
      },
    },
    async (request) => ({
      items: seesAll(request) ? await Promise.all(registry.relays.all().map((target) => view(target))) : [],
    }),
  );

  api.get(
    '/api/v1/relays/:id',
    {
      config: { access },
      schema: { summary: 'One relay', tags, params: ById, response: { 200: GbRelay, default: Problem } },
    },
    async (request) => view(relayOf(request, request.params.id)),
  );

  api.put(
    '/api/v1/relays/:id',
    {
      config: { access },
      bodyLimit: BODY_BYTES,
      schema: {
        summary: 'Make a relay, off at first, or change one',
        tags,
        params: ById,
        body: RelaySettings,
        response: { 200: GbRelay, default: Problem },
      },
    },
    async (request) => {
      mustSeeAll(request);
      const { username } = callerOf(request);
      return view(await orProblem(putRelay(registryDesk, request.params.id, request.body, username)));
    },
  );

  api.post(
    '/api/v1/relays/:id/mode',
    {
      config: { access },
      schema: {
        summary: 'Who speaks to the devices from now on: the other centre through us, or we',
        tags,
        params: ById,
        body: Type.Object(
          {
            mode: Type.Unsafe<(typeof relayModes)[number]>({ enum: [...relayModes] }),
            reason: Type.String({ minLength: 1, maxLength: 500 }),
          },
          { additionalProperties: false },
        ),
        response: { 200: GbRelay, default: Problem },
      },
    },
    async (request) => {
      const { id } = relayOf(request, request.params.id);
      const { mode, reason } = request.body;
      return view(await orProblem(setRelayMode(registryDesk, id, mode, reason, callerOf(request).username)));
    },
  );

  api.get(
    '/api/v1/relays/:id/devices',
    {
      config: { access },
      schema: {
        summary: 'The devices behind a relay, and what is owed of each',
        tags,
        params: ById,
        querystring: Type.Object({ limit: Limit, cursor: Cursor }),
        response: { 200: page(Type.Ref('RelayDevice')), default: Problem },
      },
    },
    async (request) => {
      const { id } = relayOf(request, request.params.id);
      const relay = relays.relay(id);
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const found = pageById(relays.devicesOf(id), limit, cursor);
      const items = found.items.map((device) => {
        const { isOpen = false, error, lastDeliveredAt } = relay?.linkOf(device.id) ?? {};
        const { count, oldestAt } = relay?.owedOf(device.id) ?? { count: 0 };
        return {
          deviceId: device.id,
          isDeviceConnected: context.gb.isConnected(device.id),
          isPassedOn: isOpen,
          owedCount: count,
          ...(oldestAt !== undefined && { oldestOwedAt: iso(oldestAt) }),
          ...(lastDeliveredAt !== undefined && { lastDeliveredAt: iso(lastDeliveredAt) }),
          ...(error !== undefined && { error }),
        };
      });
      return { ...found, items };
    },
  );
}
