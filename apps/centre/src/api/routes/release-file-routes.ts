import { largestReleaseBytes, Release } from '@fengsui/protocol';
import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { Type } from 'typebox';
import { matchSecret } from '../../intake/device-credential.ts';
import { admitted } from '../../registry/device-life.ts';
import { LoginThrottle } from '../../access/login-throttle.ts';
import { ReleaseFileError } from '../../rollout/release-files.ts';
import { releaseView } from '../../rollout/rollout-view.ts';
import type { Api } from '../api-instance.ts';
import { authenticate, callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { addressOf } from '../forwarded.ts';
import { ApiError, notFound, Problem } from '../problem.ts';

const Id = Type.Object({ id: Type.String({ maxLength: 160 }) });
/** Terminals that download at a time; the others come again. */
const READERS_AT_ONCE = 64;
const RETRY_AFTER_S = 15;
const BINARY = 'application/octet-stream';

/** The file of a release: in by a person, out to the terminals whose turn it is. */
export function releaseFileRoutes(
  api: Api,
  context: ApiContext,
  fileIsThere: (request: FastifyRequest, releaseId: string) => Promise<void>,
): void {
  const { situation, clock, releases } = context;
  const { rollouts, registry } = situation;
  const throttle = new LoginThrottle();
  let readers = 0;

  // A room of its own: a file is streamed to disk, not held in memory.
  void api.register(async (instance) => {
    const room = instance as Api;
    room.removeAllContentTypeParsers();
    room.addContentTypeParser(BINARY, (_request, payload, done) => done(null, payload));
    room.put(
      '/api/v1/releases/:id/file',
      {
        config: { access: 'rollout.manage' },
        bodyLimit: largestReleaseBytes.software,
        schema: {
          summary: 'Send the file of a release; its size and hash must be those of the manifest',
          tags: ['rollouts'],
          consumes: [BINARY],
          params: Id,
          response: { 200: Release, default: Problem },
        },
      },
      async (request) => {
        if (callerOf(request).scope.venues !== 'all')
          throw new ApiError(403, 'forbidden', 'a release reaches every venue, this account is bound to some');
        const release = rollouts.releases.get(request.params.id);
        if (release === undefined) throw notFound(`release ${request.params.id}`);
        const content = request.body as Readable | null | undefined;
        if (content === null || content === undefined || typeof content.pipe !== 'function')
          throw new ApiError(400, 'invalidRequest', `expected the file as ${BINARY}`);
        try {
          await releases.files.receive(release.manifest, content);
        } catch (error) {
          if (error instanceof ReleaseFileError) throw new ApiError(422, 'releaseFileDiffers', error.message);
          throw error;
        }
        if (!release.hasFile) await fileIsThere(request, release.id);
        return releaseView(rollouts.releases.get(release.id) ?? release);
      },
    );
  });

  api.get(
    '/api/v1/releases/:id/file',
    {
      // Not a person: a terminal, by its own credential.
      config: { access: 'anyone' },
      schema: {
        summary: 'The file of a release, for a terminal that was told to take it',
        description:
          'Basic authentication with device id and secret. 403 unless a rollout of this release runs and the device was ' +
          'told. `Range: bytes=N-` goes on where it broke off. 503 with Retry-After when too many fetch at once.',
        tags: ['rollouts'],
        security: [{ device: [] }],
        params: Id,
        response: { 200: Type.Any(), 206: Type.Any(), default: Problem },
      },
    },
    async (request, reply) => {
      const deviceId = authenticateDevice(request);
      const release = rollouts.releases.get(request.params.id);
      // The same answer whatever is there: who was not told learns nothing of it.
      const isTold =
        release !== undefined &&
        [...rollouts.rollouts.values()].some(
          ({ id, state, releaseId }) =>
            state === 'running' && releaseId === release.id && (rollouts.device(id, deviceId)?.tries ?? 0) > 0,
        );
      if (!isTold) throw new ApiError(403, 'notOffered', `${request.params.id} is not offered to ${deviceId} now`);
      if (!(await releases.files.has(release.manifest)))
        throw new ApiError(404, 'notFound', `the file of ${release.id} is gone: send it again`);
      const { bytes } = release.manifest;
      const from = rangeOf(request.headers.range, bytes);
      if (readers >= READERS_AT_ONCE)
        throw new ApiError(503, 'tooManyReaders', `${readers} terminals fetch; come again in ${RETRY_AFTER_S} s`, {
          'retry-after': String(RETRY_AFTER_S),
        });
      readers += 1;
      let isRead = false;
      reply.raw.once('close', () => {
        if (!isRead) readers -= 1;
        isRead = true;
      });
      void reply
        .header('accept-ranges', 'bytes')
        .header('content-length', bytes - from)
        .type(BINARY);
      if (from > 0) void reply.code(206).header('content-range', `bytes ${from}-${bytes - 1}/${bytes}`);
      return reply.send(releases.files.read(release.manifest, from));
    },
  );

  function authenticateDevice(request: FastifyRequest): string {
    const now = clock.now();
    const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]{1,1000})$/.exec(request.headers.authorization ?? '') ?? [];
    const text = Buffer.from(encoded, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    const deviceId = text.slice(0, Math.max(0, colon)).slice(0, 64);
    // By device: behind one address stand many.
    const retryAfterS = throttle.retryAfterS(`release ${deviceId}`, { key: addressOf(request), isKnown: true }, now);
    if (retryAfterS !== undefined)
      throw new ApiError(429, 'tooManyAttempts', `too many wrong secrets; try again in ${retryAfterS} s`, {
        'retry-after': String(retryAfterS),
      });
    const device = registry.device(deviceId);
    if (
      device !== undefined &&
      admitted(device) === 'accepted' &&
      matchSecret(device, text.slice(colon + 1), now) !== undefined
    )
      return device.id;
    if (authenticate(context.accounts, request) !== undefined)
      throw new ApiError(403, 'forbidden', 'this file is for terminals, by their own secret');
    throttle.attempted(`release ${deviceId}`, { key: addressOf(request), isKnown: true }, now);
    throw new ApiError(401, 'notLoggedIn', 'expected the device id and its secret as Basic authentication', {
      'www-authenticate': 'Basic realm="fengsui"',
    });
  }
}

function rangeOf(header: string | undefined, bytes: number): number {
  const [, first] = /^bytes=(\d{1,12})-$/.exec(header ?? '') ?? [];
  if (first === undefined) return 0;
  const from = Number(first);
  if (from >= bytes) throw new ApiError(416, 'invalidRange', `the file has ${bytes} bytes`);
  return from;
}
