import type { Permission } from '@fengsui/protocol';
import type { LinkProps } from '@tanstack/react-router';
import type { Translate } from '../locale/i18n.ts';

export type NavigationItem = {
  readonly to: NonNullable<LinkProps['to']>;
  readonly word: (t: Translate) => string;
  /** Who lacks it is not shown the way; the API refuses him anyhow. */
  readonly permission: Permission;
};

/** First line of the head: duty first, always in reach. */
export const dutyItems: readonly NavigationItem[] = [
  { to: '/desk', word: (t) => t('nav.desk'), permission: 'alarm.read' },
  { to: '/incidents', word: (t) => t('incident.nav'), permission: 'alarm.read' },
  { to: '/work-orders', word: (t) => t('work.nav'), permission: 'work.read' },
  { to: '/venues', word: (t) => t('nav.venues'), permission: 'registry.read' },
  { to: '/wall', word: (t) => t('nav.wall'), permission: 'overview.read' },
];

/** Group 现场: the first that the account may see stands for it in the first line, all of them in a second one. */
export const fieldItems: readonly NavigationItem[] = [
  { to: '/devices', word: (t) => t('field.devices'), permission: 'registry.read' },
  { to: '/areas', word: (t) => t('field.areas'), permission: 'registry.read' },
  { to: '/blind-spots', word: (t) => t('field.blindSpots'), permission: 'registry.read' },
  { to: '/isolations', word: (t) => t('isolation.nav'), permission: 'alarm.read' },
  { to: '/rules', word: (t) => t('rule.nav'), permission: 'rules.read' },
  { to: '/commissioning', word: (t) => t('commissioning.nav'), permission: 'registry.read' },
  { to: '/duty-rounds', word: (t) => t('dutyRound.nav'), permission: 'gb.dutyCheck' },
  { to: '/foreign', word: (t) => t('foreignSource.nav'), permission: 'foreign.manage' },
  { to: '/relays', word: (t) => t('relay.nav'), permission: 'foreign.manage' },
  { to: '/rollouts', word: (t) => t('rollout.nav'), permission: 'rollout.read' },
  { to: '/factory', word: (t) => t('factory.nav'), permission: 'factory.read' },
  { to: '/import', word: (t) => t('field.import'), permission: 'registry.manage' },
];

/** Last in the first line. */
export const houseItems: readonly NavigationItem[] = [
  { to: '/accounts', word: (t) => t('nav.accounts'), permission: 'user.manage' },
  { to: '/audit', word: (t) => t('audit.nav'), permission: 'audit.read' },
];

export const isWithin = (path: string, { to }: NavigationItem): boolean => path === to || path.startsWith(`${to}/`);

/** Where a log-in without a page of its own begins: the desk, or the first page the account may see. */
export function startPageOf(permissions: readonly Permission[]): NonNullable<LinkProps['to']> {
  const found = [...dutyItems, ...houseItems, ...fieldItems].find(({ permission }) => permissions.includes(permission));
  return found?.to ?? '/desk';
}
