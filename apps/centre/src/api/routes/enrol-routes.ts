import { Enrolment } from '@fengsui/protocol';
import { Type } from 'typebox';
import { redeemClaim } from '../../intake/device-credential.ts';
import { LoginThrottle } from '../../registry/login-throttle.ts';
import { RegistryRefusal } from '../../registry/registry-refusal.ts';
import type { Api } from '../api-instance.ts';
import type { ApiContext } from '../context.ts';
import { ApiError, Problem } from '../problem.ts';

/** Where a device with nothing but a claim code becomes one with a secret. */
export function enrolRoutes(api: Api, context: ApiContext): void {
  const { registryDesk, commands, clock, log, mqttUrl } = context;
  const throttle = new LoginThrottle();

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
      const retryAfterS = throttle.retryAfterS('enrol', request.ip, now);
      if (retryAfterS !== undefined) {
        throw new ApiError(429, 'tooManyAttempts', `too many wrong claim codes; try again in ${retryAfterS} s`, {
          'retry-after': String(retryAfterS),
        });
      }
      try {
        const { deviceId, secret } = await redeemClaim(registryDesk, request.body.claimCode);
        log.info('device enrolled', { deviceId, remote: request.ip });
        return { deviceId, secret, mqttUrl: mqttUrl(request.hostname), commandKeys: [...commands.publicKeys] };
      } catch (error) {
        if (!(error instanceof RegistryRefusal)) throw error;
        throttle.failed('enrol', request.ip, now);
        throw new ApiError(403, error.code, error.message);
      }
    },
  );
}
