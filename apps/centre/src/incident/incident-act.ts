import type { IncidentPersonEvent } from './incident-life.ts';
import type { KeptIncident, KeptIncidentFile } from './kept-incident.ts';

type Said<Event> = Event extends IncidentPersonEvent ? Omit<Event, 'by' | 'at'> : never;

/**
 * What a person does to an incident, or that his seat shows it; kept with who and when, whatever comes of it. How its
 * alarms stand is found when it is applied.
 */
export type IncidentAct = { readonly incidentId: string } & (
  | WithoutCount<Said<IncidentPersonEvent>>
  | { readonly kind: 'display' }
  /** By hand: a person has heard of a fire. `happenedAt`: of what was written by hand, and is typed in late. */
  | { readonly kind: 'open'; readonly note: string; readonly happenedAt?: number }
  /** Its bytes are the payload of the entry. */
  | ({ readonly kind: 'addFile' } & Omit<KeptIncidentFile, 'id' | 'by' | 'at'>)
);

type WithoutCount<Event> = Event extends { readonly unacknowledgedCount: number }
  ? Omit<Event, 'unacknowledgedCount'>
  : Event;

/** The meta of the `operatorAct` entry. */
export type IncidentActMeta = {
  readonly actId: string;
  readonly venueId: string;
  readonly by: string;
  readonly at: number;
  readonly isIncident: true;
  readonly act: IncidentAct;
};

export type Handled = { readonly kind: 'handled'; readonly incident: KeptIncident };
