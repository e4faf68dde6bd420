import { randomInt, randomUUID } from 'node:crypto';
import { GbDutyRound, page } from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { onDutyCheck } from '../../intake/gb26875/link-care.ts';
import { dutyChecksOfRound, listDutyRounds } from '../../record/gb-duty-rounds.ts';
import { admitted } from '../../registry/device-life.ts';
import type { DeviceRecord } from '../../registry/registry-change.ts';
import type { GbDutyCheck } from '../../situation/gb26875/gb-situation.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { recordGbOrder } from '../gb-order.ts';
import { dutyCheckView } from '../gb-views.ts';
import { requestIdOf } from '../idempotent-answers.ts';
import { IdempotencyKey } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';

const DEFAULT_DUTY_MIN = 10;
/** Of one order: each is a transaction of its own, and a person who must come. */
const MOST_ASKED = 500;
const ROUNDS_LISTED = 50;

const Ids = Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 1000 }));
type Skipped = NonNullable<GbDutyRound['skipped']>[number];

/** 查岗 of a group, or of some chosen by chance. */
export function gbDutyRoutes(api: Api, context: ApiContext): void {
  const { situation, store, clock } = context;
  const { registry } = situation;
  const tags = ['gb26875'];

  api.get(
    '/api/v1/gb/duty-rounds',
    {
      config: { access: 'telemetry.read' },
      schema: {
        summary: `On-duty checks of many devices at once, newest first; the last ${ROUNDS_LISTED}`,
        tags,
        response: { 200: page(Type.Ref('GbDutyRound')), default: Problem },
      },
    },
    async (request) => {
      const rounds = await listDutyRounds(callerOf(request).scope, store, ROUNDS_LISTED);
      return { items: rounds.map((round) => ({ ...round, askedAt: new Date(round.askedAt).toISOString() })) };
    },
  );

  api.get(
    '/api/v1/gb/duty-rounds/:id',
    {
      config: { access: 'telemetry.read' },
      schema: {
        summary: 'One of them, with what became of each device',
        tags,
        params: Type.Object({ id: Type.String({ maxLength: 128 }) }),
        response: { 200: GbDutyRound, default: Problem },
      },
    },
    async (request) => {
      const { id } = request.params;
      const round = roundView(id, await dutyChecksOfRound(callerOf(request).scope, store, id));
      if (round === undefined) throw notFound(`duty round ${id}`);
      return round;
    },
  );

  api.post(
    '/api/v1/gb/duty-rounds',
    {
      config: { access: 'gb.dutyCheck' },
      schema: {
        summary: 'Ask the people at many devices at once whether they are there (type 91)',
        description:
          'Of the devices in any of the lists, or of all; with random that many of those connected, chosen by chance. ' +
          'Who is not connected gets a check notDelivered: it is a finding too.',
        tags,
        headers: IdempotencyKey,
        body: Type.Object(
          {
            deviceIds: Ids,
            venueIds: Ids,
            organisationIds: Ids,
            random: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ASKED })),
            withinMin: Type.Optional(
              Type.Integer({ minimum: 1, maximum: 60, description: `default ${DEFAULT_DUTY_MIN}` }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 201: GbDutyRound, default: Problem },
      },
    },
    async (request, reply) => {
      const { scope } = callerOf(request);
      const roundId = requestIdOf(request) ?? randomUUID();
      // A request that comes again: chance would choose others.
      const before = roundView(roundId, await dutyChecksOfRound(scope, store, roundId));
      if (before !== undefined) return reply.code(201).send(before);
      const { random, withinMin = DEFAULT_DUTY_MIN, ...group } = request.body;
      const skipped: Skipped[] = [];
      const candidates = candidatesOf(request, group).filter((device) => {
        const reason = whyNot(device);
        if (reason !== undefined) skipped.push({ deviceId: device.id, reason });
        return reason === undefined;
      });
      const asked =
        random === undefined
          ? candidates.slice(0, MOST_ASKED)
          : byChance(
              candidates.filter(({ id }) => context.gb.isConnected(id)),
              random,
            );
      if (random === undefined)
        for (const { id } of candidates.slice(MOST_ASKED)) skipped.push({ deviceId: id, reason: 'beyondLimit' });
      if (asked.length === 0)
        throw new ApiError(422, 'nobodyToAsk', 'no transmission device of the group can be asked now');
      await Promise.all(asked.map((device) => ask(request, device, roundId, withinMin)));
      const round = roundView(roundId, await dutyChecksOfRound(scope, store, roundId));
      if (round === undefined) throw new Error(`duty round ${roundId} has no check`);
      return reply.code(201).send({ ...round, skipped: skipped.slice(0, 1000) });
    },
  );

  type Group = { readonly deviceIds?: string[]; readonly venueIds?: string[]; readonly organisationIds?: string[] };

  function candidatesOf(request: FastifyRequest, { deviceIds, venueIds, organisationIds }: Group): DeviceRecord[] {
    const isAll = deviceIds === undefined && venueIds === undefined && organisationIds === undefined;
    return registry
      .devices(callerOf(request).scope)
      .filter(
        ({ id, venueId, gb }) =>
          gb !== undefined &&
          (isAll ||
            deviceIds?.includes(id) === true ||
            venueIds?.includes(venueId) === true ||
            registry.organisationsOf(venueId).some((owner) => organisationIds?.includes(owner) === true)),
      );
  }

  function whyNot(device: DeviceRecord): Skipped['reason'] | undefined {
    if (admitted(device) !== 'accepted') return 'notInService';
    if (context.gb.isListening(device.id)) return 'relayListening';
    const check = situation.gb.dutyCheck(device.id);
    const isOpen = check !== undefined && ['asked', 'delivered'].includes(check.state) && check.dueAt > clock.now();
    return isOpen ? 'checkOpen' : undefined;
  }

  const venueOf = ({ deviceId }: GbDutyCheck): { venueId?: string } => {
    const venueId = registry.device(deviceId)?.venueId;
    return venueId === undefined ? {} : { venueId };
  };

  function roundView(id: string, checks: readonly GbDutyCheck[]): GbDutyRound | undefined {
    const [first] = checks;
    if (first === undefined) return undefined;
    const counts: Record<string, number> = {};
    for (const { state } of checks) counts[state] = (counts[state] ?? 0) + 1;
    const askedAt = new Date(Math.min(...checks.map((check) => check.askedAt))).toISOString();
    return {
      id,
      by: first.by,
      askedAt,
      withinMin: first.withinMin,
      counts,
      checks: checks.map((check) => ({ ...dutyCheckView(check), ...venueOf(check) })),
    };
  }

  /** On record first; the answers come when the people come. */
  async function ask(request: FastifyRequest, device: DeviceRecord, roundId: string, withinMin: number): Promise<void> {
    const order = { kind: 'gbDutyCheck', deviceId: device.id, withinMin, roundId } as const;
    const { actId, isFirst } = await recordGbOrder(context, request, device, order, `${roundId}/${device.id}`);
    if (isFirst) void context.gb.ask(device.id, onDutyCheck(withinMin, actId));
  }
}

/** Fisher and Yates, as far as needed. */
function byChance<Item>(items: readonly Item[], count: number): readonly Item[] {
  const pool = [...items];
  const most = Math.min(count, pool.length);
  for (let i = 0; i < most; i++) {
    const other = randomInt(i, pool.length);
    [pool[i], pool[other]] = [pool[other] as Item, pool[i] as Item];
  }
  return pool.slice(0, most);
}
