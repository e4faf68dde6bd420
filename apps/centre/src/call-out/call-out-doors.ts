import { readFile } from 'node:fs/promises';
import { isSecureUrl } from '../platform/secure-url.ts';
import type { Channels } from './call-out-courier.ts';
import type { CallOutSettings } from './call-out-settings.ts';
import type { Channel } from './channels/channel.ts';
import { phoneChannel } from './channels/phone-channel.ts';
import { vapidKeys, type VapidKeys } from './channels/vapid-keys.ts';
import { readWebhooks, webhookChannel, type Webhook } from './channels/webhook-channel.ts';

/** The ways out of the house, as the configuration has them. */
export type CallOutDoors = {
  readonly channels: Channels;
  /** Where people open the page of a call, without a slash at its end; undefined: messages have no link. */
  readonly publicUrl: string | undefined;
  /** With which the adapter signs what it tells of calls. */
  readonly phoneSecret: string | undefined;
  /** With which a browser asks its push service for an address, and at whose; undefined: push is not set up. */
  readonly push?: { readonly key: string; readonly services: readonly string[] };
};

export const noCallOutDoors: CallOutDoors = { channels: {}, publicUrl: undefined, phoneSecret: undefined };

/** @param seed 32 bytes, the same on every centre that may lead. */
export type DoorGround = { readonly seed: Buffer; readonly now: () => number };

/** @throws RangeError naming the setting, what it is and what is expected; an error of the file of webhooks. */
export async function openCallOutDoors(settings: CallOutSettings, { seed, now }: DoorGround): Promise<CallOutDoors> {
  const { phoneUrl, phoneSecret, mailUrl, mailFrom, webhooks, pushContact } = settings;
  const publicUrl = settings.publicUrl === undefined ? undefined : publicUrlOf(settings.publicUrl);
  const keys = vapidKeys(seed);
  return {
    publicUrl,
    phoneSecret,
    channels: {
      ...(phoneUrl !== undefined && phoneChannels({ phoneUrl, phoneSecret, publicUrl, now })),
      ...(mailUrl !== undefined && { mail: await openMail(mailUrl, mailFrom) }),
      ...(webhooks !== undefined && { webhook: webhookChannel(await webhooksIn(webhooks), now) }),
      ...(pushContact !== undefined && { push: await openPush(pushContact, keys) }),
    },
    ...(pushContact !== undefined && { push: { key: keys.publicKey, services: hostsIn(settings.pushServices) } }),
  };
}

function publicUrlOf(url: string): string {
  expectSecure('callOut.publicUrl', url);
  return url.replace(/[/]+$/, '');
}

type PhoneDoor = {
  readonly phoneUrl: string;
  readonly phoneSecret: string | undefined;
  readonly publicUrl: string | undefined;
  readonly now: () => number;
};

function phoneChannels({
  phoneUrl: url,
  phoneSecret: secret,
  publicUrl,
  now,
}: PhoneDoor): Pick<Channels, 'voice' | 'sms'> {
  expectSecure('callOut.phoneUrl', url);
  // Whoever may answer for others could end every call.
  if (secret === undefined)
    throw new RangeError(
      'callOut.phoneSecret is missing, expected the key that the adapter at callOut.phoneUrl knows, too',
    );
  const adapter = {
    url,
    secret,
    now,
    ...(publicUrl !== undefined && { answersUrl: `${publicUrl}/api/v1/call-outs/answers` }),
  };
  return { voice: phoneChannel('voice', adapter), sms: phoneChannel('sms', adapter) };
}

/** Its library is loaded where it is needed. */
async function openMail(url: string, from: string | undefined): Promise<Channel> {
  const { mailChannel, mailProblem } = await import('./channels/mail-channel.ts');
  if (from === undefined) throw new RangeError('callOut.mailFrom is missing, expected the sender of mails');
  const problem = mailProblem(url, from);
  if (problem !== undefined) throw new RangeError(problem);
  return mailChannel({ url, from });
}

async function webhooksIn(file: string): Promise<readonly Webhook[]> {
  try {
    return readWebhooks(await readFile(file, 'utf8'));
  } catch (error) {
    throw new RangeError(`callOut.webhooks ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function openPush(contact: string, keys: VapidKeys): Promise<Channel> {
  if (!/^mailto:[^\s@]+@[^\s@]+$/.test(contact) && !/^https:[/][/]\S+$/.test(contact))
    throw new RangeError(`callOut.pushContact is ${JSON.stringify(contact)}, expected mailto:… or https://…`);
  const { pushChannel } = await import('./channels/push-channel.ts');
  return pushChannel({ contact, keys });
}

const hostsIn = (text: string): readonly string[] =>
  text
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '');

function expectSecure(name: string, url: string): void {
  if (!isSecureUrl(url))
    throw new RangeError(
      `${name} is ${JSON.stringify(url)}, expected https:// (http:// only on loopback): it tells who is where`,
    );
}
