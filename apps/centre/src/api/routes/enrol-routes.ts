import { Claim, Enrolment } from '@fengsui/protocol';
import { Type } from 'typebox';
import { createClaim, redeemClaim } from '../../intake/device-credential.ts';
import { LoginThrottle } from '../../access/login-throttle.ts';
import { qrPath } from '../../paper/qr.ts';
import { RegistryRefusal } from '../../registry/registry-refusal.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { hostOf } from '../forwarded.ts';
import { deviceInScope } from '../in-scope.ts';
import { ApiError, Problem } from '../problem.ts';
import { orProblem } from '../registry-answer.ts';

/** Where a device with nothing but a claim code becomes one with a secret. */
export function enrolRoutes(api: Api, context: ApiContext): void {
  const { registryDesk, situation, commands, clock, log, mqttUrl, releases } = context;
  const throttle = new LoginThrottle();

  api.post(
    '/api/v1/devices/:id/claim',
    {
      config: { access: 'device.manage' },
      schema: {
        summary: 'Make a one-time claim code for a device; its secret stays until the code is used',
        tags: ['commands'],
        params: Type.Object({ id: Type.String({ maxLength: 128 }) }),
        response: { 201: Claim, default: Problem },
      },
    },
    async (request, reply) => {
      const { scope, username } = callerOf(request);
      const device = deviceInScope(situation.registry, scope, request.params.id);
      const { deviceId, claimCode, expiresAt } = await orProblem(createClaim(registryDesk, device.id, username));
      // Behind #: a browser keeps it to itself, and no server log has it.
      const qr = qrPath(`${request.protocol}://${request.host}/devices/${deviceId}#claim=${claimCode}`);
      return reply.code(201).send({ deviceId, claimCode, expiresAt: new Date(expiresAt).toISOString(), qr });
    },
  );

  api.post(
    '/api/v1/enrol',
    {
      config: { access: 'anyone' },
      schema: {
        summary: 'Exchange a claim code for the secret of its device, once',
        tags: ['commands'],
        body: Type.Object({ claimCode: Type.String({ minLength: 1, maxLength: 64 }) }),
        response: { 200: Enrolment, default: Problem },
      },
    },
    async (request) => {
      const now = clock.now();
      const retryAfterS = throttle.retryAfterS('enrol', { key: request.ip, isKnown: true }, now);
      if (retryAfterS !== undefined) {
        throw new ApiError(429, 'tooManyAttempts', `too many wrong claim codes; try again in ${retryAfterS} s`, {
          'retry-after': String(retryAfterS),
        });
      }
      try {
        const { deviceId, secret } = await redeemClaim(registryDesk, request.body.claimCode);
        log.info('device enrolled', { deviceId, remote: request.ip });
        const releaseKeys = await releases.keys();
        return {
          deviceId,
          secret,
          mqttUrl: mqttUrl(hostOf(request)),
          commandKeys: [...commands.publicKeys],
          ...(releaseKeys.length > 0 && { releaseKeys: [...releaseKeys] }),
        };
      } catch (error) {
        if (!(error instanceof RegistryRefusal)) throw error;
        throttle.attempted('enrol', { key: request.ip, isKnown: true }, now);
        throw new ApiError(403, error.code, error.message);
      }
    },
  );
}
