import type { Organisation, Venue } from '@fengsui/protocol';
import { isSourceInScope, type ForeignSource } from '../registry/foreign-sources.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { Registry } from '../registry/registry.ts';
import { isInScope, type Scope } from '../access/scope.ts';
import { notFound } from './problem.ts';

/**
 * A device that the caller may see. What lies outside the scope does not exist: the answer is the same 404.
 *
 * @throws ApiError
 */
export function deviceInScope(registry: Registry, scope: Scope, id: string): DeviceRecord {
  const device = registry.device(id);
  if (device === undefined || !isInScope(scope, device.venueId)) throw notFound(`device ${id}`);
  return device;
}

/** A venue that the caller may see; as `deviceInScope`. */
export function venueInScope(registry: Registry, scope: Scope, id: string): Venue {
  const venue = registry.venue(id);
  if (venue === undefined || !isInScope(scope, id)) throw notFound(`venue ${id}`);
  return venue;
}

/** An organisation that has venues the caller may see; as `deviceInScope`. */
export function organisationInScope(registry: Registry, scope: Scope, id: string): Organisation {
  const organisation = registry.organisations(scope).find((candidate) => candidate.id === id);
  if (organisation === undefined) throw notFound(`organisation ${id}`);
  return organisation;
}

/** A foreign source that the caller may see; as `deviceInScope`. */
export function sourceInScope(registry: Registry, scope: Scope, id: string): ForeignSource {
  const source = registry.foreign.source(id);
  if (source === undefined || !isSourceInScope(scope, source)) throw notFound(`source ${id}`);
  return source;
}
