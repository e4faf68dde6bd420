import { randomUUID } from 'node:crypto';
import {
  canonicalJson,
  largestManifestBytes,
  page,
  readManifest,
  Release,
  releaseIdOf,
  Rollout,
  rolloutDeviceStates,
  RolloutGroup,
  type RolloutDeviceState,
} from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Scope } from '../../access/scope.ts';
import { isInScope } from '../../access/scope.ts';
import type { KeptRollout } from '../../rollout/kept-rollout.ts';
import { listRolloutDevices } from '../../rollout/read-rollouts.ts';
import { isSignedRelease, RELEASE_KEYS_FILE } from '../../rollout/release-keys.ts';
import type { RolloutAct, RolloutActMeta } from '../../rollout/rollout-act.ts';
import { releaseView, rolloutView } from '../../rollout/rollout-view.ts';
import { storableJson } from '../../situation/storable-json.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import { awaitAct } from '../await-act.ts';
import type { ApiContext } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { requestIdOf } from '../idempotent-answers.ts';
import { Cursor, DEFAULT_LIMIT, IdempotencyKey, Limit } from '../parameters.ts';
import { ApiError, notFound, Problem } from '../problem.ts';
import { releaseFileRoutes } from './release-file-routes.ts';

const Id = Type.Object({ id: Type.String({ maxLength: 128 }) });
const Note = Type.String({ maxLength: 500, pattern: '\\S', description: 'why; it stays on record' });
const strict = { additionalProperties: false } as const;

/** Of a list of rollouts. */
const SHOWN = 100;
const OBSERVE_S = 3_600;
const DEVICE_TIMEOUT_S = 3_600;
const MOST_FAILED_PERCENT = 2;
const MOST_SILENT_PERCENT = 5;

/** Signed releases, and how they reach the terminals: docs/guides/releases.md. */
export function rolloutRoutes(api: Api, context: ApiContext): void {
  const { situation, store, clock, releases } = context;
  const { rollouts, registry } = situation;
  const tags = ['rollouts'];

  /** Has the act applied, durable; @returns the id of what it is about. */
  async function perform(request: FastifyRequest, venueId: string, given: RolloutAct): Promise<string> {
    const act = JSON.parse(storableJson(given)) as RolloutAct;
    const meta: RolloutActMeta = {
      actId: requestIdOf(request) ?? randomUUID(),
      venueId,
      by: callerOf(request).username,
      at: clock.now(),
      isRollout: true,
      act,
    };
    const wanted = canonicalJson(act);
    const outcome = await awaitAct(context, meta, (stored) => canonicalJson(stored) === wanted);
    if (outcome.kind !== 'rolledOut') throw new Error(`act ${meta.actId} on a rollout ended as ${outcome.kind}`);
    return outcome.id;
  }

  function rolloutInScope(scope: Scope, id: string): KeptRollout {
    const rollout = rollouts.rollouts.get(id);
    if (rollout === undefined || !sees(scope, rollout.place.venueId)) throw notFound(`rollout ${id}`);
    return rollout;
  }

  api.get(
    '/api/v1/releases',
    {
      config: { access: 'rollout.read' },
      schema: {
        summary: 'Releases at the centre, the newest first',
        tags,
        response: { 200: page(Type.Ref('Release')), default: Problem },
      },
    },
    async (request) => {
      // What is offered to all terminals is nothing of a venue; who sees one venue sees what is rolled out there.
      if (callerOf(request).scope.venues !== 'all') return { items: [] };
      const items = [...rollouts.releases.values()].sort((one, other) => other.addedAt - one.addedAt);
      return { items: items.map(releaseView) };
    },
  );

  api.post(
    '/api/v1/releases',
    {
      config: { access: 'rollout.manage' },
      bodyLimit: largestManifestBytes,
      schema: {
        summary: 'Add a signed manifest; its file follows with PUT …/file',
        tags,
        headers: IdempotencyKey,
        body: Type.Object({ manifest: Type.Record(Type.String(), Type.Unknown()) }, strict),
        response: { 201: Release, default: Problem },
      },
    },
    async (request, reply) => {
      everywhere(request);
      const read = readManifest(request.body.manifest);
      if ('problem' in read) throw new ApiError(400, 'invalidParameter', read.problem);
      const { manifest } = read;
      const keys = await releases.keys();
      if (keys.length === 0)
        throw new ApiError(
          409,
          'noReleaseKey',
          `no release key is trusted here: put it into keys/${RELEASE_KEYS_FILE} of the data folder`,
        );
      if (!isSignedRelease(manifest, keys))
        throw new ApiError(
          422,
          'badReleaseSignature',
          `the manifest is not signed by a release key that is trusted here (key ${manifest.keyId})`,
        );
      const releaseId = await perform(request, '', { kind: 'releaseAdd', releaseId: releaseIdOf(manifest), manifest });
      // The same file under another version: it is there.
      if (await releases.files.has(manifest)) {
        const known = rollouts.releases.get(releaseId);
        if (known?.hasFile === false) await awaitFile(request, releaseId);
      }
      const kept = rollouts.releases.get(releaseId);
      if (kept === undefined) throw notFound(`release ${releaseId}`);
      return reply.code(201).send(releaseView(kept));
    },
  );

  /** On record under an id of its own: one request may carry one act. */
  async function awaitFile(request: FastifyRequest, releaseId: string): Promise<void> {
    const { username } = callerOf(request);
    const act = { kind: 'releaseFile', releaseId } as const;
    const meta = { actId: randomUUID(), venueId: '', by: username, at: clock.now(), isRollout: true, act } as const;
    await awaitAct(context, meta, () => true);
  }

  releaseFileRoutes(api, context, awaitFile);

  api.get(
    '/api/v1/rollouts',
    {
      config: { access: 'rollout.read' },
      schema: {
        summary: `Rollouts, the newest ${SHOWN} first`,
        tags,
        response: { 200: page(Type.Ref('Rollout')), default: Problem },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const seen = [...rollouts.rollouts.values()].filter(({ place }) => sees(scope, place.venueId));
      seen.sort((one, other) => other.startedAt - one.startedAt);
      return { items: seen.slice(0, SHOWN).map(rolloutView) };
    },
  );

  api.post(
    '/api/v1/rollouts',
    {
      config: { access: 'rollout.manage' },
      schema: {
        summary: 'Begin a rollout: 1 %, 10 %, all of a group',
        tags,
        headers: IdempotencyKey,
        body: Type.Object(
          {
            releaseId: Type.String({ minLength: 1, maxLength: 160 }),
            group: RolloutGroup,
            observeS: Type.Optional(
              Type.Integer({ minimum: 1, maximum: 30 * 86_400, description: `of each stage; default ${OBSERVE_S}` }),
            ),
            deviceTimeoutS: Type.Optional(
              Type.Integer({
                minimum: 10,
                maximum: 7 * 86_400,
                description: 'a device without a result by then has failed',
              }),
            ),
            mostFailedPercent: Type.Optional(
              Type.Number({
                minimum: 0,
                maximum: 50,
                description: `after the first stage; default ${MOST_FAILED_PERCENT}`,
              }),
            ),
            mostSilentPercent: Type.Optional(
              Type.Number({ minimum: 0, maximum: 50, description: `default ${MOST_SILENT_PERCENT}` }),
            ),
            note: Note,
          },
          strict,
        ),
        response: { 201: Rollout, default: Problem },
      },
    },
    async (request, reply) => {
      const { releaseId, group, observeS, deviceTimeoutS, mostFailedPercent, mostSilentPercent, note } = request.body;
      const venueId = venueOfGroup(request, group);
      const id = await perform(request, venueId, {
        kind: 'rolloutStart',
        releaseId,
        group,
        note,
        observeMs: (observeS ?? OBSERVE_S) * 1_000,
        deviceTimeoutMs: (deviceTimeoutS ?? DEVICE_TIMEOUT_S) * 1_000,
        mostFailedShare: (mostFailedPercent ?? MOST_FAILED_PERCENT) / 100,
        mostSilentShare: (mostSilentPercent ?? MOST_SILENT_PERCENT) / 100,
      });
      return reply.code(201).send(rolloutView(rolloutInScope(callerOf(request).scope, id)));
    },
  );

  api.get(
    '/api/v1/rollouts/:id',
    {
      config: { access: 'rollout.read' },
      schema: {
        summary: 'One rollout with its stages and who decided what',
        tags,
        params: Id,
        response: { 200: Rollout, default: Problem },
      },
    },
    async (request) => rolloutView(rolloutInScope(callerOf(request).scope, request.params.id)),
  );

  api.get(
    '/api/v1/rollouts/:id/devices',
    {
      config: { access: 'rollout.read' },
      schema: {
        summary: 'Devices of a rollout in the order of their turn',
        tags,
        params: Id,
        querystring: Type.Object({
          state: Type.Optional(Type.String({ maxLength: 200, description: 'one or more, separated by commas' })),
          limit: Limit,
          cursor: Cursor,
        }),
        response: { 200: page(Type.Ref('RolloutDevice')), default: Problem },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { id: rolloutId } = rolloutInScope(scope, request.params.id);
      const { state, limit = DEFAULT_LIMIT, cursor } = request.query;
      const after = cursor === undefined ? undefined : (decodeCursor(cursor, ['number'])[0] as number);
      const found = await listRolloutDevices(scope, store, {
        rolloutId,
        limit: limit + 1,
        ...(state !== undefined && { states: state.split(',').map(deviceState) }),
        ...(after !== undefined && { after }),
      });
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: shown.map(({ device }) => device),
        ...(found.length > limit && last !== undefined && { nextCursor: encodeCursor([last.number]) }),
      };
    },
  );

  const decisions = [
    ['stop', 'rolloutStop', 'Tell nobody any more; what is under way at a terminal ends there'],
    ['resume', 'rolloutResume', 'Go on; what failed is tried once more'],
    ['roll-back', 'rolloutRollBack', 'Take it back from every device that took it'],
  ] as const;
  for (const [path, kind, summary] of decisions) {
    api.post(
      `/api/v1/rollouts/:id/${path}`,
      {
        config: { access: 'rollout.manage' },
        schema: {
          summary,
          tags,
          params: Id,
          headers: IdempotencyKey,
          body: Type.Object({ note: Note }, strict),
          response: { 200: Rollout, default: Problem },
        },
      },
      async (request) => {
        const { scope } = callerOf(request);
        const { id, place } = rolloutInScope(scope, (request.params as { readonly id: string }).id);
        const { note } = request.body as { readonly note: string };
        await perform(request, place.venueId, { kind, rolloutId: id, note });
        return rolloutView(rolloutInScope(scope, id));
      },
    );
  }

  api.post(
    '/api/v1/rollouts/:id/exclusions',
    {
      config: { access: 'rollout.manage' },
      schema: {
        summary: 'Leave a device out: the stage no longer waits for it',
        tags,
        params: Id,
        headers: IdempotencyKey,
        body: Type.Object({ deviceId: Type.String({ minLength: 1, maxLength: 64 }), note: Note }, strict),
        response: { 200: Rollout, default: Problem },
      },
    },
    async (request) => {
      const { scope } = callerOf(request);
      const { id, place } = rolloutInScope(scope, request.params.id);
      const { deviceId, note } = request.body;
      await perform(request, place.venueId, { kind: 'rolloutExclude', rolloutId: id, deviceId, note });
      return rolloutView(rolloutInScope(scope, id));
    },
  );

  /** The venue of a rollout for one venue; '' for any other, which needs a caller who sees every venue. */
  function venueOfGroup(request: FastifyRequest, { kind, id }: RolloutGroup): string {
    const { scope } = callerOf(request);
    if ((kind === 'all') !== (id === undefined))
      throw new ApiError(
        400,
        'invalidParameter',
        kind === 'all' ? 'group: all takes no id' : `group: ${kind} needs its id`,
      );
    if (kind !== 'venue') {
      everywhere(request);
      return '';
    }
    if (id === undefined || registry.venue(id) === undefined || !isInScope(scope, id))
      throw notFound(`venue ${id ?? ''}`);
    return id;
  }
}

const sees = (scope: Scope, venueId: string): boolean =>
  scope.venues === 'all' || (venueId !== '' && isInScope(scope, venueId));

function everywhere(request: FastifyRequest): void {
  if (callerOf(request).scope.venues !== 'all')
    throw new ApiError(
      403,
      'forbidden',
      'a release reaches every venue, this account is bound to some: roll out by venue',
    );
}

function deviceState(word: string): RolloutDeviceState {
  const found = rolloutDeviceStates.find((state) => state === word.trim());
  if (found === undefined)
    throw new ApiError(400, 'invalidParameter', `state is ${word}, expected ${rolloutDeviceStates.join(', ')}`);
  return found;
}
