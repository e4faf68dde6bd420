import { venueLifeOf, venueLifeTransitions, type Venue, type VenueLifeState } from '@fengsui/protocol';

/** Undefined when the state may follow; else what is wrong, with what may. */
export function venueLifeProblem(from: VenueLifeState, to: VenueLifeState): string | undefined {
  const allowed = venueLifeTransitions[from];
  return allowed.includes(to) ? undefined : `${to} cannot follow ${from}: expected ${allowed.join(' or ')}`;
}

/** Written and unwritten `live` are the same state: a venue that was never commissioned stays as it is. */
export function withVenueLife(venue: Venue, life: VenueLifeState): Venue {
  return venueLifeOf(venue) === life ? venue : { ...venue, life };
}
