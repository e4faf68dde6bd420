import { Type, type Static } from 'typebox';
import { oneOf } from './schema.ts';

export const areaKinds = ['building', 'floor', 'room', 'board', 'outdoor'] as const;
export type AreaKind = (typeof areaKinds)[number];

/** A part of a venue: building, floor, room, distribution board 配电箱; a tree by `parentId`. */
export const Area = Type.Object(
  {
    id: Type.String(),
    venueId: Type.String(),
    kind: oneOf(areaKinds),
    name: Type.String(),
    nameEn: Type.Optional(Type.String()),
    parentId: Type.Optional(Type.String({ description: 'area of the same venue; absent = directly in the venue' })),
    use: Type.Optional(
      Type.String({ description: 'chargingRoom, dormitory, kitchen … as in the site file (areaUse)' }),
    ),
  },
  { $id: 'Area' },
);
export type Area = Static<typeof Area>;
