import { Type, type Static } from 'typebox';
import { oneOf } from './schema.ts';

/** 消防安全责任人, 消防安全管理人, 值班, 业主, 维保, 其他. */
export const contactRoles = ['responsible', 'manager', 'duty', 'owner', 'maintenance', 'other'] as const;
export type ContactRole = (typeof contactRoles)[number];

/** A person to be called about a venue, in the order of `rank`. */
export const Contact = Type.Object(
  {
    id: Type.String(),
    venueId: Type.String(),
    name: Type.String(),
    role: oneOf(contactRoles),
    phone: Type.String(),
    rank: Type.Optional(Type.Integer({ minimum: 1, maximum: 99, description: '1 is called first' })),
  },
  { $id: 'Contact' },
);
export type Contact = Static<typeof Contact>;
