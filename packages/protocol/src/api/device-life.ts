import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';

/** 生产 → 检测 → 入库 → 安装 → 在用 → 维修 → 报废. */
export const deviceLifeStates = [
  'produced',
  'tested',
  'inStock',
  'installed',
  'active',
  'maintenance',
  'retired',
] as const;
export type DeviceLifeState = (typeof deviceLifeStates)[number];

/** Which state may follow which. A retired device never comes back: its identity stays with its history. */
export const deviceLifeTransitions: Readonly<Record<DeviceLifeState, readonly DeviceLifeState[]>> = {
  produced: ['tested', 'retired'],
  tested: ['inStock', 'installed', 'retired'],
  inStock: ['tested', 'installed', 'retired'],
  installed: ['active', 'inStock', 'maintenance', 'retired'],
  active: ['maintenance', 'inStock', 'retired'],
  maintenance: ['active', 'inStock', 'retired'],
  retired: [],
};

export const deviceHistoryKinds = [
  'registered',
  'life',
  'test',
  'replaced',
  'replaces',
  'secret',
  'revoked',
  'endOfLine',
  'calibrated',
  'placed',
] as const;

/** One line in the life of a device: what was done, by whom, when. */
export const DeviceHistoryEntry = Type.Object(
  {
    deviceId: Type.String(),
    at: Instant,
    by: Type.String({ description: 'account, token or the local command line' }),
    kind: oneOf(deviceHistoryKinds),
    from: Type.Optional(oneOf(deviceLifeStates)),
    to: Type.Optional(oneOf(deviceLifeStates)),
    reason: Type.Optional(Type.String()),
    passed: Type.Optional(Type.Boolean({ description: 'of a test' })),
    point: Type.Optional(Type.String({ description: 'what was triggered in a test; absent = the device as a whole' })),
    otherDeviceId: Type.Optional(Type.String({ description: 'of a replacement' })),
  },
  { $id: 'DeviceHistoryEntry' },
);
export type DeviceHistoryEntry = Static<typeof DeviceHistoryEntry>;
