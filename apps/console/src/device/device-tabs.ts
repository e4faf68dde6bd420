import type { Device, Permission } from '@fengsui/protocol';
import type { Translate } from '../locale/i18n.ts';

export type DeviceTab = {
  /** `?tab=` of the page. */
  readonly id: 'overview' | 'facility' | 'commands' | 'life' | 'factory' | 'model';
  readonly word: (t: Translate) => string;
  readonly permission: Permission;
  readonly isFor?: (device: Device) => boolean;
};

/** Parts of the page of a device, in this order. A room adds its line here and its component in device-page.tsx. */
export const deviceTabs: readonly DeviceTab[] = [
  {
    id: 'facility',
    word: (t) => t('tab.facility'),
    permission: 'telemetry.read',
    // What it has to say is there, and so this part comes first.
    isFor: ({ gbAddress }) => gbAddress !== undefined,
  },
  { id: 'overview', word: (t) => t('tab.overview'), permission: 'telemetry.read' },
  {
    id: 'commands',
    word: (t) => t('tab.commands'),
    permission: 'telemetry.read',
    // A transmission device is asked by GB/T 26875.3, not by commands.
    isFor: ({ gbAddress }) => gbAddress === undefined,
  },
  { id: 'life', word: (t) => t('tab.life'), permission: 'registry.read' },
  {
    id: 'factory',
    word: (t) => t('factory.tab'),
    permission: 'factory.read',
    isFor: ({ gbAddress }) => gbAddress === undefined,
  },
  { id: 'model', word: (t) => t('tab.model'), permission: 'registry.read' },
];

export function tabsFor(device: Device, permissions: readonly Permission[]): readonly DeviceTab[] {
  return deviceTabs.filter(
    ({ permission, isFor }) => permissions.includes(permission) && (isFor === undefined || isFor(device)),
  );
}
