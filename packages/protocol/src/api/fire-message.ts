import { categories } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { contactRoles } from './contact.ts';
import { fireMessageKinds, incidentVerdicts, verificationMeans } from './incident.ts';
import { gasSupplies, venueClasses } from './registry.ts';
import { Instant, oneOf } from './schema.ts';

/** Of an incident, the first ones: where it began. */
export const FIRE_MESSAGE_ALARMS = 20;

/** What the fire-command side (119) needs to know of a place and of what happens there. */
const fireFacts = {
  incident: Type.Object({
    id: Type.String(),
    number: Type.Integer(),
    openedAt: Instant,
    note: Type.Optional(Type.String({ description: 'what was reported, when a person opened it' })),
  }),
  venue: Type.Object({
    id: Type.String(),
    name: Type.String(),
    nameEn: Type.Optional(Type.String()),
    class: Type.Optional(oneOf(venueClasses)),
    address: Type.Optional(Type.String()),
    addressEn: Type.Optional(Type.String()),
    longitude: Type.Optional(Type.Number({ description: 'WGS 84' })),
    latitude: Type.Optional(Type.Number({ description: 'WGS 84' })),
    storeys: Type.Optional(Type.Integer({ description: 'above ground' })),
    people: Type.Optional(Type.Integer({ description: 'in it at once, at most' })),
    gas: Type.Optional(oneOf(gasSupplies)),
    access: Type.Optional(Type.String({ description: 'how an engine gets there and in' })),
  }),
  contacts: Type.Array(Type.Object({ name: Type.String(), role: oneOf(contactRoles), phone: Type.String() }), {
    description: 'in the order in which they are called',
  }),
  alarms: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.String(),
      category: oneOf(categories),
      place: Type.Optional(Type.String({ description: 'where in the venue' })),
      deviceId: Type.String(),
      raisedAt: Instant,
    }),
    { description: `the first ${FIRE_MESSAGE_ALARMS}; alarmCount counts all` },
  ),
  alarmCount: Type.Integer(),
};

/** What is read out on the telephone to the fire-command side, as it is known now. */
export const CallSheet = Type.Object(fireFacts, { $id: 'CallSheet' });
export type CallSheet = Static<typeof CallSheet>;

/** A message to the fire-command side as it was made, when a person confirmed. */
export const FireMessageText = Type.Object(
  {
    schema: Type.Literal('fengsui.fireMessage.1'),
    messageId: Type.String(),
    kind: oneOf(fireMessageKinds),
    sentAt: Instant,
    references: Type.Array(Type.Object({ messageId: Type.String(), sentAt: Instant }), {
      description: 'the message that a cancel is about',
    }),
    verified: Type.Object({
      verdict: oneOf(incidentVerdicts),
      means: oneOf(verificationMeans),
      by: Type.String({ description: 'the person of the centre who said so' }),
      at: Instant,
    }),
    ...fireFacts,
  },
  { $id: 'FireMessageText' },
);
export type FireMessageText = Static<typeof FireMessageText>;

/**
 * As it is sent in format `json`; `sender` is this centre, as both sides agreed (`fireCommand.sender`). The same id is the
 * same message, however often it comes.
 */
export type FireMessage = FireMessageText & { readonly sender: string };
