import type { Origin } from '@fengsui/alarm';
import type { CallOutChain, Contact, ReachChannel } from '@fengsui/protocol';
import type { KeptCallOut } from './kept-call-out.ts';
import { openCallOut } from './open-call-out.ts';

/** A person with these ways, in their order; by default as a contact that says nothing of it. */
export const contact = (id: string, channels?: readonly ReachChannel[]): Contact => ({
  ...{ id, venueId: 'v', name: `${id}.`, role: 'owner', phone: `1380000${id}` },
  ...(channels && { ways: channels.map((channel) => ({ channel })) }),
});

type Given = {
  readonly at: number;
  readonly people: readonly Contact[];
  readonly origin?: Origin;
  readonly chain?: CallOutChain;
};

/** About incident `i` at venue `v`. */
export const venueCallOut = ({ at, people, origin = 'live', chain = 'venue' }: Given): KeptCallOut =>
  openCallOut({
    ...{ id: 'i-venue-1', chain, at, people, place: { partition: 7, venueId: 'v', origin } },
    cause: { kind: 'incident', incidentId: 'i' },
    facts: { venueName: '城西小学', alarm: { kind: 'smoke', category: 'fire', place: '二楼 厨房' } },
  });
