import { isWireId, type Contact, type ReachWay } from '@fengsui/protocol';
import type { PushTarget } from '../call-out/channels/channel.ts';
import { PUSH_TARGETS_KEPT } from '../call-out/push-target.ts';
import { phone as readPhone } from './import/cell.ts';
import type { RegistryDesk } from './registry-desk.ts';
import { RegistryRefusal } from './registry-refusal.ts';

/** Writes one contact; the same rules as a row of an import. A contact stays with its venue. */
export function putContact(desk: RegistryDesk, given: Contact): Promise<Contact> {
  return desk.change((registry) => {
    const [name, phone] = [given.name.trim(), given.phone.trim()];
    const problems: string[] = [];
    const { id } = given;
    if (!isWireId(id)) problems.push(`id is ${String(id)}: expected letters, digits, dot, dash, underscore`);
    if (name === '' || name.length > 120) problems.push('name: expected 1 to 120 characters');
    const read = readPhone(phone);
    if ('message' in read) problems.push(`phone ${read.message}: ${read.fix}`);
    problems.push(...wayProblems(given.ways ?? []));
    const before = registry.contact(given.id);
    if (before !== undefined && before.venueId !== given.venueId)
      problems.push('id belongs to a contact of another venue');
    if (problems.length > 0) throw new RegistryRefusal('invalidContact', problems.join('; '));
    const contact: Contact = { ...given, name, phone };
    // Browsers stay as long as push is a way to him.
    const push = contact.ways?.some(({ channel }) => channel === 'push') === true ? before?.push : undefined;
    return { changes: [{ kind: 'contactPut', contact: { ...contact, ...(push && { push }) } }], result: contact };
  });
}

function wayProblems(ways: readonly ReachWay[]): readonly string[] {
  return ways.flatMap(({ channel, to }, index) => {
    const expected = expectedTo(channel, to);
    return expected === undefined ? [] : `ways[${index}].to is ${JSON.stringify(to ?? null)}: expected ${expected}`;
  });
}

/** What it should have been; undefined when it is so. */
function expectedTo(channel: ReachWay['channel'], to: string | undefined): string | undefined {
  switch (channel) {
    case 'voice':
    case 'sms':
      return to === undefined || !('message' in readPhone(to)) ? undefined : 'a telephone number, or nothing for phone';
    case 'mail':
      return to !== undefined && /^[^\s@<>",;]+@[^\s@<>",;]+$/.test(to) ? undefined : 'a mail address';
    case 'webhook':
      return to !== undefined && isWireId(to) ? undefined : 'the name of a webhook of callOut.webhooks';
    case 'push':
      return to === undefined ? undefined : 'nothing: browsers that take push say so on the page of a call';
  }
}

/** Keeps a browser that takes push for this person; nothing when push is no way to him. */
export function addPushTarget(desk: RegistryDesk, contactId: string, target: PushTarget): Promise<boolean> {
  return desk.change((registry) => {
    const contact = registry.contact(contactId);
    if (contact?.ways?.some(({ channel }) => channel === 'push') !== true) return { changes: [], result: false };
    const others = (contact.push ?? []).filter(({ endpoint }) => endpoint !== target.endpoint);
    const push = [...others, target].slice(-PUSH_TARGETS_KEPT);
    return { changes: [{ kind: 'contactPut', contact: { ...contact, push } }], result: true };
  });
}

/** Removes a contact; one that is not there is removed already. */
export function removeContact(desk: RegistryDesk, venueId: string, id: string): Promise<undefined> {
  return desk.change((registry) => {
    const before = registry.contact(id);
    const isThere = before?.venueId === venueId;
    return { changes: isThere ? [{ kind: 'contactPut', contact: before, isRemoved: true }] : [], result: undefined };
  });
}
