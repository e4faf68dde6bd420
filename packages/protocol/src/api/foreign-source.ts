import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';

export const sourceKinds = ['httpPush', 'mqttTopic', 'mqttBroker'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/**
 * How a platform proves that a push is its own. `fengsui`: HMAC in two headers. `oneNet`: MD5 of token, nonce and
 * message in the body, and an address check by GET. `urlToken`: a token in the address, for platforms that sign nothing.
 */
export const pushSchemes = ['fengsui', 'oneNet', 'urlToken'] as const;
export type PushScheme = (typeof pushSchemes)[number];

const Topics = Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
  minItems: 1,
  maxItems: 32,
  description: 'MQTT filters; what they do not name is not taken',
});

export const NewSource = Type.Object(
  {
    id: Type.String({ description: '1 to 64 of A-Z a-z 0-9 . _ -' }),
    kind: Type.Optional(oneOf(sourceKinds, 'default httpPush')),
    name: Type.Optional(Type.String({ maxLength: 120 })),
    scheme: Type.Optional(oneOf(pushSchemes, 'of httpPush; default fengsui')),
    token: Type.Optional(
      Type.String({
        minLength: 3,
        maxLength: 128,
        description:
          'the secret, where the platform wants one that was agreed on (scheme oneNet); else it is made here',
      }),
    ),
    topics: Type.Optional(Topics),
    broker: Type.Optional(
      Type.Object(
        {
          url: Type.String({ maxLength: 300, description: 'mqtt://host:port or mqtts://host:port' }),
          clientId: Type.Optional(
            Type.String({ minLength: 1, maxLength: 64, description: 'default fengsui-<source>-<random>' }),
          ),
          username: Type.Optional(Type.String({ maxLength: 256 })),
          password: Type.Optional(Type.String({ maxLength: 1024, description: 'written, never read back' })),
          ca: Type.Optional(
            Type.String({ maxLength: 65_536, description: 'PEM; default: the authorities of the system' }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    awayFaultMinutes: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1440,
        description: 'a broker that is away for longer is a fault; default 5',
      }),
    ),
    venueIds: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 1000 })),
  },
  { $id: 'NewSource', additionalProperties: false },
);
export type NewSource = Static<typeof NewSource>;

/** What of a source may be changed later; absent = as it is. */
export const SourceChange = Type.Object(
  {
    name: NewSource.properties.name,
    topics: NewSource.properties.topics,
    broker: NewSource.properties.broker,
    awayFaultMinutes: NewSource.properties.awayFaultMinutes,
  },
  { $id: 'SourceChange', additionalProperties: false },
);
export type SourceChange = Static<typeof SourceChange>;

export const linkStates = ['connected', 'away'] as const;

export const Source = Type.Object(
  {
    id: Type.String(),
    kind: oneOf(sourceKinds),
    name: Type.Optional(Type.String()),
    scheme: Type.Optional(oneOf(pushSchemes)),
    topics: Type.Optional(Type.Array(Type.String())),
    broker: Type.Optional(
      Type.Object({
        url: Type.String(),
        clientId: Type.String(),
        username: Type.Optional(Type.String()),
        hasPassword: Type.Boolean(),
        hasCa: Type.Boolean(),
      }),
    ),
    awayFaultMinutes: Type.Optional(Type.Integer()),
    venueIds: Type.Optional(Type.Array(Type.String(), { description: 'it speaks for devices of these; absent = all' })),
    createdAt: Instant,
    createdBy: Type.Optional(Type.String()),
    changedAt: Type.Optional(Instant),
    changedBy: Type.Optional(Type.String()),
    revokedAt: Type.Optional(Instant),
    mappingVersion: Type.Optional(Type.Integer()),
    waiting: Type.Integer({ description: 'messages in the inbox' }),
    lastMessageAt: Type.Optional(Instant),
    link: Type.Optional(
      Type.Object({
        state: oneOf(linkStates, 'of an outside broker'),
        since: Instant,
        error: Type.Optional(Type.String({ description: 'why it is away, or what it refused' })),
        isFault: Type.Boolean(),
      }),
    ),
    sessions: Type.Optional(Type.Integer({ description: 'open sessions at our MQTT door' })),
  },
  { $id: 'Source' },
);
export type Source = Static<typeof Source>;

/** Waiting messages of one source that have one shape. */
export const InboxGroup = Type.Object(
  {
    sourceId: Type.String(),
    shape: Type.String({ description: 'identity of the shape' }),
    topic: Type.Optional(Type.String({ description: 'its topics as a filter' })),
    messages: Type.Integer(),
    receipts: Type.Integer({ description: 'repeats counted' }),
    firstAt: Instant,
    newestAt: Instant,
    newestId: Type.String(),
    reasons: Type.Array(Type.String(), { description: 'why they wait' }),
  },
  { $id: 'InboxGroup' },
);
export type InboxGroup = Static<typeof InboxGroup>;
