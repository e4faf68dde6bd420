import type { Organisation } from '@fengsui/protocol';

/** Owns what nobody named an owner for. */
export const defaultOrganisation: Organisation = {
  id: 'default',
  kind: 'venueOwner',
  name: '未命名单位',
  nameEn: 'Unnamed owner',
  demo: false,
};
