import type { Administration, NewDevice } from '@fengsui/centre';
import type { Account, Venue, VenueClass } from '@fengsui/protocol';

/** Commands that work on a running centre too, with what they take and give. */
export type AdministrationCall = {
  readonly ping: { readonly parameters: Record<string, never>; readonly result: 'pong' };
  readonly createUser: {
    readonly parameters: {
      readonly username: string;
      readonly password: string;
      readonly role: string;
      readonly venueIds?: readonly string[];
    };
    readonly result: Account;
  };
  readonly createToken: {
    readonly parameters: {
      readonly role: string;
      readonly venueIds?: readonly string[];
      readonly name?: string;
      readonly days?: number;
    };
    readonly result: { readonly token: string };
  };
  readonly createDevice: {
    readonly parameters: NewDevice;
    readonly result: { readonly deviceId: string; readonly secret: string; readonly venueCreated: boolean };
  };
  readonly revokeDevice: { readonly parameters: { readonly id: string }; readonly result: null };
  readonly createVenue: {
    readonly parameters: { readonly id: string; readonly name: string; readonly class: VenueClass };
    readonly result: Venue;
  };
};

type Calls = {
  readonly [Name in keyof AdministrationCall]: (
    administration: Administration,
    parameters: AdministrationCall[Name]['parameters'],
  ) => Promise<AdministrationCall[Name]['result']>;
};

export const administrationCalls: Calls = {
  ping: async () => 'pong',
  createUser: (administration, { username, password, role, venueIds }) =>
    administration.createUser(username, password, role, venueIds),
  createToken: (administration, { role, venueIds, name, days }) =>
    administration.createToken(role, venueIds, name, days),
  createDevice: (administration, device) => administration.createDevice(device),
  revokeDevice: async (administration, { id }) => {
    await administration.revokeDevice(id);
    return null;
  },
  createVenue: (administration, { id, name, class: venueClass }) => administration.createVenue(id, name, venueClass),
};

/** The local socket's side: names come from outside the process. */
export async function dispatch(
  administration: Administration,
  name: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  if (!Object.hasOwn(administrationCalls, name)) throw new Error(`there is no command ${name}`);
  // Only a process of the same user speaks here, through `administer`, whose types are the same.
  const call = administrationCalls[name as keyof AdministrationCall] as (
    a: Administration,
    p: unknown,
  ) => Promise<unknown>;
  return call(administration, parameters);
}
