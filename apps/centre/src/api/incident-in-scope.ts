import type { FastifyRequest } from 'fastify';
import { isInScope } from '../access/scope.ts';
import type { KeptIncident } from '../incident/kept-incident.ts';
import { findIncident } from '../incident/read-incidents.ts';
import { callerOf } from './authentication.ts';
import type { ApiContext } from './context.ts';
import { notFound } from './problem.ts';

/**
 * An incident that the caller may see: an open one as this process has it, which needs no store.
 *
 * @throws ApiError when there is none, or it lies outside the scope.
 */
export async function incidentInScope(
  { situation, store }: Pick<ApiContext, 'situation' | 'store'>,
  request: FastifyRequest,
  id: string,
): Promise<KeptIncident> {
  const { scope } = callerOf(request);
  const found = situation.incidents.get(id) ?? (await findIncident(scope, store, id));
  if (found === undefined || !isInScope(scope, found.place.venueId)) throw notFound(`incident ${id}`);
  request.auditVenueId = found.place.venueId;
  return found;
}
