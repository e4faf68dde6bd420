import { oneOf } from '@fengsui/protocol';
import { Type } from 'typebox';
import { createClaims } from '../../intake/device-credential.ts';
import { labelSheet } from '../../paper/label-sheet.ts';
import { labelsOf } from '../../paper/label.ts';
import { writeLabels } from '../../paper/write-labels.ts';
import { admitted } from '../../registry/device-life.ts';
import { isInScope } from '../../access/scope.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { ApiError, notFound, Problem } from '../problem.ts';
import { orProblem } from '../registry-answer.ts';

const PDF = 'application/pdf';
/** 420 sheets; who needs more asks wave by wave. */
const MAX_LABELS = 10_000;
const Ids = Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: MAX_LABELS });

/** What is printed: labels with QR codes. */
export function paperRoutes(api: Api, { situation, registryDesk, isTls, log }: ApiContext): void {
  const { registry } = situation;

  api.post(
    '/api/v1/labels',
    {
      config: { access: 'device.manage', isExport: true },
      schema: {
        summary: 'QR labels of devices as a PDF',
        description:
          'Of the devices named, of venues, of a wave, or of everything in scope. With `claim` each device gets a new ' +
          'claim code, which stands on its label and nowhere else; the codes of before end.',
        tags: ['commissioning'],
        body: Type.Object(
          {
            deviceIds: Type.Optional(Ids),
            venueIds: Type.Optional(Ids),
            wave: Type.Optional(Type.String({ maxLength: 60 })),
            claim: Type.Optional(Type.Boolean()),
            grid: Type.Optional(Type.String({ maxLength: 8, description: 'columns x rows on A4; 3x8' })),
            labelMm: Type.Optional(Type.String({ maxLength: 12, description: 'width x height of a label; 70x37' })),
            language: Type.Optional(oneOf(['zh', 'en'])),
            baseUrl: Type.Optional(
              Type.String({ maxLength: 200, pattern: '^https?://[^\\s/#?]+', description: 'where a scan leads' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: {
            description: 'a PDF',
            content: { [PDF]: { schema: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) } },
          },
          default: Problem,
        },
      },
    },
    async (request, reply) => {
      const { scope, username } = callerOf(request);
      const { deviceIds, venueIds, wave, claim, grid, labelMm, language = 'zh', baseUrl } = request.body ?? {};
      const sheet = labelSheet(grid, labelMm);
      if ('problem' in sheet) throw new ApiError(422, 'invalidSheet', sheet.problem);
      for (const id of venueIds ?? [])
        if (registry.venue(id) === undefined || !isInScope(scope, id)) throw notFound(`venue ${id}`);
      for (const id of deviceIds ?? []) {
        const device = registry.device(id);
        if (device === undefined || !isInScope(scope, device.venueId)) throw notFound(`device ${id}`);
      }
      const wanted = deviceIds === undefined ? undefined : new Set(deviceIds);
      const venues = venueIds === undefined ? undefined : new Set(venueIds);
      const devices = registry
        .devices(scope)
        .filter(({ id, venueId }) => (wanted?.has(id) ?? true) && (venues?.has(venueId) ?? true))
        .filter(({ venueId }) => wave === undefined || registry.venue(venueId)?.wave === wave)
        .filter((device) => admitted(device) === 'accepted');
      if (devices.length > MAX_LABELS)
        throw new ApiError(
          422,
          'tooManyLabels',
          `${devices.length} labels: expected at most ${MAX_LABELS}; name venues or a wave`,
        );
      const claims =
        claim === true
          ? await orProblem(
              createClaims(
                registryDesk,
                devices.map(({ id }) => id),
                username,
              ),
            )
          : [];
      const codes = new Map(claims.map(({ deviceId, claimCode }) => [deviceId, claimCode]));
      const base = baseUrl ?? `${isTls ? 'https' : 'http'}://${request.host}`;
      const pdf = writeLabels(labelsOf(registry, devices, language, codes), sheet, base);
      pdf.on('error', (error: Error) => log.error('labels not written', { error: error.message }));
      void reply.header('content-disposition', 'attachment; filename="labels.pdf"').type(PDF);
      return reply.send(pdf as unknown as Buffer);
    },
  );
}
