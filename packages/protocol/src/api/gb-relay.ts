import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';

/**
 * Who speaks to the devices. `listening`: the old centre, through us; we store, and confirm only when it does not in
 * time. `answering`: we; the other centre gets a copy. `off`: nothing is passed on; what is owed waits.
 */
export const relayModes = ['off', 'listening', 'answering'] as const;
export type RelayMode = (typeof relayModes)[number];

const Ids = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 10_000 });

const settings = {
  name: Type.Optional(Type.String({ maxLength: 120 })),
  host: Type.String({ minLength: 1, maxLength: 253, description: 'name or address of the other centre' }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  covers: Type.Optional(
    Type.Object(
      {
        deviceIds: Type.Optional(Ids),
        venueIds: Type.Optional(Ids),
        organisationIds: Type.Optional(Ids),
        addresses: Type.Optional(
          Type.Array(Type.String({ pattern: '^[0-9A-Fa-f]{12}$' }), {
            maxItems: 10_000,
            description: 'source addresses in wire order',
          }),
        ),
      },
      {
        additionalProperties: false,
        description: 'whose frames are passed on: who is in any of the lists; absent = every live transmission device',
      },
    ),
  ),
  sourceAddress: Type.Optional(
    Type.String({
      pattern: '^[0-9A-Fa-f]{12}$',
      description:
        'we speak in this name, over one connection; absent: frames byte for byte, one connection for each device',
    }),
  ),
  passReads: Type.Optional(
    Type.Boolean({ description: 'answering: queries of the other centre go to the device; default true' }),
  ),
  passDutyChecks: Type.Optional(
    Type.Boolean({ description: 'answering: on-duty checks of the other centre go to the device; default false' }),
  ),
  confirmWithinMs: Type.Optional(
    Type.Integer({
      minimum: 500,
      maximum: 8_000,
      description: 'listening: we confirm when the other centre has not by then; default 5000',
    }),
  ),
  keepFrames: Type.Optional(
    Type.Integer({
      minimum: 100,
      maximum: 2_000_000,
      description: 'frames kept for it while it is away; default 200000',
    }),
  ),
  awayFaultS: Type.Optional(
    Type.Integer({ minimum: 5, maximum: 86_400, description: 'away for longer is a fault; default 60' }),
  ),
  backlogFaultS: Type.Optional(
    Type.Integer({ minimum: 5, maximum: 604_800, description: 'a frame that waits longer is a fault; default 600' }),
  ),
};

/** A centre that frames of GB/T 26875.3 are passed on to. A new one is `off`. */
export const RelaySettings = Type.Object(settings, { $id: 'RelaySettings', additionalProperties: false });
export type RelaySettings = Static<typeof RelaySettings>;

export const RelayChange = Type.Object(
  {
    at: Instant,
    by: Type.String(),
    kind: oneOf(['created', 'changed', 'mode']),
    from: Type.Optional(oneOf(relayModes)),
    to: Type.Optional(oneOf(relayModes)),
    reason: Type.Optional(Type.String()),
  },
  { $id: 'RelayChange' },
);
export type RelayChange = Static<typeof RelayChange>;

export const GbRelay = Type.Object(
  {
    id: Type.String(),
    ...settings,
    mode: oneOf(relayModes),
    actsAs: Type.Optional(
      oneOf(relayModes, 'what it does instead of its mode: a relay whose devices connect to gateways cannot listen'),
    ),
    state: oneOf(['off', 'idle', 'connected', 'away'], 'idle: no device is connected and nothing is owed'),
    stateSince: Type.Optional(Instant),
    error: Type.Optional(Type.String({ description: 'why it is away' })),
    faults: Type.Array(oneOf(['relayAway', 'relayBacklog', 'relayLoss'])),
    deviceCount: Type.Integer({ description: 'registered devices whose frames are passed on' }),
    connections: Type.Integer({ description: 'open to the other centre now' }),
    owedCount: Type.Integer({ description: 'frames it has not confirmed' }),
    owedFireCount: Type.Integer(),
    oldestOwedAt: Type.Optional(Instant),
    deliveredCount: Type.Integer({ description: 'frames it confirmed since the centre started' }),
    lastDeliveredAt: Type.Optional(Instant),
    resentCount: Type.Integer({ description: 'transmissions again since the centre started' }),
    confirmedForItCount: Type.Integer({
      description: 'listening: frames we confirmed in its place since the centre started',
    }),
    lostCount: Type.Integer({ description: 'frames given up because more were owed than are kept' }),
    setAsideCount: Type.Integer({ description: 'frames it denied, or never confirmed, while it took others' }),
    ordersPassed: Type.Integer({ description: 'its queries and controls that went to a device, since the start' }),
    ordersRefused: Type.Integer({ description: 'its queries and controls that we denied, since the start' }),
    lastRefusedOrder: Type.Optional(Type.Object({ at: Instant, deviceId: Type.String(), type: Type.Integer() })),
    changes: Type.Array(RelayChange, { description: 'newest first' }),
  },
  { $id: 'GbRelay' },
);
export type GbRelay = Static<typeof GbRelay>;

/** One device behind a relay. */
export const RelayDevice = Type.Object(
  {
    deviceId: Type.String(),
    isDeviceConnected: Type.Boolean({ description: 'the device, to us' }),
    isPassedOn: Type.Boolean({ description: 'our connection to the other centre for it is open' }),
    owedCount: Type.Integer(),
    oldestOwedAt: Type.Optional(Instant),
    lastDeliveredAt: Type.Optional(Instant),
    error: Type.Optional(Type.String()),
  },
  { $id: 'RelayDevice' },
);
export type RelayDevice = Static<typeof RelayDevice>;
