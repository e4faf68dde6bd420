import type { AuditRecord } from '@fengsui/protocol';
import type { Translate } from '../locale/i18n.ts';

/** What is acted on, by the first word of the operation's path, or by the command. */
const topics = [
  'alarms',
  'alarm-groups',
  'login',
  'logout',
  'users',
  'me',
  'tokens',
  'venues',
  'devices',
  'commands',
  'work-orders',
  'rollouts',
  'contacts',
  'rules',
  'audit',
  'backup',
] as const;
export type AuditTopic = (typeof topics)[number] | 'commandLine' | 'other';

export function topicOf({ act, via }: Pick<AuditRecord, 'act' | 'via'>): AuditTopic {
  const [, word] = /^[A-Z]+ \/api\/v1\/([^/]+)/.exec(act) ?? /^(\S+)/.exec(act) ?? [];
  return topics.find((topic) => topic === word) ?? (via === 'commandLine' ? 'commandLine' : 'other');
}

const vias = ['session', 'token', 'commandLine', 'centre', 'stranger'] as const;

/** By which way he came. */
export function viaWords(t: Translate, via: string): string {
  const known = vias.find((word) => word === via);
  return known === undefined ? via : t(`audit.via.${known}`);
}
