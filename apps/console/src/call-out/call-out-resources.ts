import type { CallOut } from '@fengsui/protocol';
import { queryOptions } from '@tanstack/react-query';
import { get, post } from '../api/request.ts';
import type { Page } from '../api/resources.ts';

const id = encodeURIComponent;
const WHILE_CALLING_MS = 2_000;
const OTHERWISE_MS = 15_000;
const TEST_LOOK_MS = 1_000;

export const isCalling = ({ state }: CallOut): boolean => state === 'calling';

export const callOutQueries = {
  /**
   * What an incident's history has is news of them, too: `stepCount` rises with it. The feed tells of an incident before
   * the store has whom it calls: while there is nobody, it is asked again soon.
   */
  ofIncident: (incidentId: string, stepCount: number, isOpen: boolean) =>
    queryOptions({
      queryKey: ['callOuts', incidentId, stepCount],
      queryFn: async ({ signal }) =>
        (await get<Page<CallOut>>(`/incidents/${id(incidentId)}/call-outs`, {}, signal)).items,
      refetchInterval: ({ state: { data = [] } }) =>
        isOpen && (data.length === 0 || data.some(isCalling)) ? WHILE_CALLING_MS : OTHERWISE_MS,
      placeholderData: (before) => before,
    }),
  one: (callOutId: string) =>
    queryOptions({
      queryKey: ['callOut', callOutId],
      queryFn: ({ signal }) => get<CallOut>(`/call-outs/${id(callOutId)}`, {}, signal),
      refetchInterval: ({ state }) => (state.data === undefined || isCalling(state.data) ? TEST_LOOK_MS : false),
    }),
} as const;

/** @param venueId empty: a person of the duty desk. */
export const testCall = (venueId: string, contactId: string): Promise<CallOut> =>
  post<CallOut>(
    venueId === ''
      ? `/duty-contacts/${id(contactId)}/test-call`
      : `/venues/${id(venueId)}/contacts/${id(contactId)}/test-call`,
    {},
  );
