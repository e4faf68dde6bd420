import type { Registry } from '../registry/registry.ts';
import { ApiError } from './problem.ts';

type Bound = { readonly venueIds?: readonly string[] | null; readonly organisationId?: string | null };

/** What an account or a token is bound to is there. @throws ApiError 422 with `code` */
export function requireKnownBound(registry: Registry, { venueIds, organisationId }: Bound, code: string): void {
  const unknown = venueIds?.find((id) => registry.venue(id) === undefined);
  if (unknown !== undefined) throw new ApiError(422, code, `venue ${JSON.stringify(unknown)} does not exist`);
  if (organisationId != null && registry.organisation(organisationId) === undefined)
    throw new ApiError(422, code, `organisation ${JSON.stringify(organisationId)} does not exist`);
}
