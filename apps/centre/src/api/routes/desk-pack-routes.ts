import { oneOf } from '@fengsui/protocol';
import { Type } from 'typebox';
import { deskPack } from '../../desk-pack/desk-pack.ts';
import { writeDeskPack } from '../../paper/desk-pack-paper.ts';
import type { Api } from '../api-instance.ts';
import { callerOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';

const PDF = 'application/pdf';

/** What a duty room works with when the screens are dark. */
export function deskPackRoutes(api: Api, { situation, clock, timeZone, troubles }: ApiContext): void {
  api.get(
    '/api/v1/desk-pack',
    {
      config: { access: 'incident.handle', audit: 'read', isExport: true },
      schema: {
        summary: 'Desk pack as a PDF: contacts, open alarms, blind spots, the procedure, a blank log',
        description: 'Made from memory: it is there while the store is away.',
        tags: ['incidents'],
        querystring: Type.Object({ language: Type.Optional(oneOf(['zh', 'en'])) }),
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
      const { language = 'zh' } = request.query;
      const pack = deskPack(situation, { scope, madeAt: clock.now(), madeBy: username, troubles: troubles() });
      const pdf = await writeDeskPack(pack, { language, timeZone });
      void reply.header('content-disposition', 'attachment; filename="desk-pack.pdf"').type(PDF);
      return reply.send(pdf);
    },
  );
}
