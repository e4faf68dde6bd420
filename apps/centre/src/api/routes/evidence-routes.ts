import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { chainHead } from '../../audit/read-audit.ts';
import { evidenceArchive } from '../../evidence/evidence-archive.ts';
import { evidenceFiles } from '../../evidence/evidence-files.ts';
import { evidenceSigner } from '../../evidence/evidence-key.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { incidentInScope } from '../incident-in-scope.ts';
import { ApiError, Problem } from '../problem.ts';

const TAR = 'application/x-tar';

/** Everything on record of an incident, in one file that can be checked without us: docs/reference/evidence.md. */
export function evidenceRoutes(api: Api, context: ApiContext): void {
  const { store, situation, clock, timeZone, callOut } = context;
  const signer = callOut === undefined ? undefined : evidenceSigner(callOut.linkKey);
  api.get(
    '/api/v1/incidents/:id/evidence',
    {
      config: { access: 'incident.handle', audit: 'read', isExport: true },
      schema: {
        summary: 'Evidence package of an incident: a tar with a signed manifest',
        description:
          'Timeline, alarms with their lives, waveforms, events, calls, messages with receipts, recordings, the rows ' +
          'of the audit around it, a report as PDF; SHA-256 of each file, the head of the audit, a verifier.',
        tags: ['incidents'],
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
        response: {
          200: {
            description: 'a tar',
            content: { [TAR]: { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) } },
          },
          default: Problem,
        },
      },
    },
    async (request, reply) => {
      const incident = await incidentInScope(context, request, request.params.id);
      const { scope, username, permissions } = callerOf(request);
      if (signer === undefined || !permissions.has('contact.read'))
        throw new ApiError(403, 'forbidden', 'the package names people: it is for who may read contacts');
      const { id, number, place } = incident;
      const madeAt = clock.now();
      const head = {
        incident: { id, number },
        ...{ venueId: place.venueId, origin: place.origin, madeBy: username },
        madeAt: new Date(madeAt).toISOString(),
        auditHead: await chainHead(store),
      };
      const files = evidenceFiles(incident, { scope, store, registry: situation.registry, timeZone, madeAt });
      void reply.header('content-disposition', `attachment; filename="incident-${number}.tar"`).type(TAR);
      return reply.send(Readable.from(evidenceArchive(head, files, signer)));
    },
  );
}
