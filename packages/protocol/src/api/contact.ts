import { Type, type Static } from 'typebox';
import { oneOf } from './schema.ts';

/** 消防安全责任人, 消防安全管理人, 值班, 业主, 维保, 其他. */
export const contactRoles = ['responsible', 'manager', 'duty', 'owner', 'maintenance', 'other'] as const;
export type ContactRole = (typeof contactRoles)[number];

/** Ways out of the house: a call that asks for a key, a short message, mail, push to a browser, a webhook such as a chat robot. */
export const reachChannels = ['voice', 'sms', 'mail', 'push', 'webhook'] as const;
export type ReachChannel = (typeof reachChannels)[number];

/** What a person is called in. */
export const reachLanguages = ['zh', 'en'] as const;
export type ReachLanguage = (typeof reachLanguages)[number];

export const REACH_WAYS_PER_PERSON = 5;

/** One way to a person. */
export const ReachWay = Type.Object({
  channel: oneOf(reachChannels),
  to: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'number, mail address, or name of the webhook; absent for voice and sms: `phone`; never for push',
    }),
  ),
});
export type ReachWay = Static<typeof ReachWay>;

/** A person to be called about a venue, in the order of `rank`. */
export const Contact = Type.Object(
  {
    id: Type.String(),
    venueId: Type.String({ description: 'empty: of the duty desk itself, called while nobody there acknowledges' }),
    name: Type.String(),
    role: oneOf(contactRoles),
    phone: Type.String(),
    rank: Type.Optional(Type.Integer({ minimum: 1, maximum: 99, description: '1 is called first' })),
    language: Type.Optional(oneOf(reachLanguages, 'absent: zh')),
    ways: Type.Optional(
      Type.Array(ReachWay, {
        maxItems: REACH_WAYS_PER_PERSON,
        description: 'tried one after the other until one is answered; absent: voice, then sms; empty: never by itself',
      }),
    ),
  },
  { $id: 'Contact' },
);
export type Contact = Static<typeof Contact>;
