import type { FindingKind } from './look.ts';
import type { Call } from './outage.ts';

export type Message = {
  readonly subject: string;
  readonly text: string;
  /** The body of a webhook: docs/guides/watch.md. */
  readonly json: string;
};

const FINDINGS: Readonly<Record<FindingKind, readonly [zh: string, en: string]>> = {
  well: ['恢复正常', 'is well again'],
  held: ['部分功能停摆', 'does not do all its work'],
  standing: ['停滞：告警可能到不了值班席', 'stands still: alarms may not reach the desk'],
  down: ['无应答：告警不再受理', 'does not answer: no alarm is taken'],
  blind: ['守望程序自身网络可能中断，看不到中心', 'cannot be seen: the network of the watcher itself may be down'],
};

/** What a call says, in both languages, and as JSON. */
export function messageOf(call: Call, name: string, centre: URL): Message {
  const { kind, finding, since, at, reason, functions = [] } = call;
  const [zh, en] = kind === 'test' ? ['测试消息，一切正常', 'is watched: this is a test'] : FINDINGS[finding];
  const again = kind === 'reminder' ? ['（仍未恢复）', ' (still)'] : ['', ''];
  const subject = `[烽燧 Fengsui] ${name}: ${zh}${again[0]} / ${en}${again[1]}`;
  const durationS = Math.max(0, Math.round((at - since) / 1000));
  const broken = functions.filter(({ state }) => state !== 'works');
  const text = [
    subject,
    '',
    `自 since   ${new Date(since).toISOString()} (${durationS} s)`,
    `于 seen    ${new Date(at).toISOString()}`,
    `因 reason  ${reason}`,
    `址 centre  ${centre.href}`,
    ...broken.map((held) => `- ${held.name}: ${held.state}${held.reason === undefined ? '' : `, ${held.reason}`}`),
  ].join('\n');
  const json = JSON.stringify({
    type: 'fengsui.watch',
    version: 1,
    id: call.id,
    kind,
    finding,
    name,
    centre: centre.href,
    since: new Date(since).toISOString(),
    at: new Date(at).toISOString(),
    durationS,
    reason,
    ...(functions.length > 0 && { functions }),
    subject,
    text,
  });
  return { subject, text, json };
}
