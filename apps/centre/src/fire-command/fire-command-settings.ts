import { isSecureUrl } from '../platform/secure-url.ts';

/** `json`: a `FireMessage`. `cap`: Common Alerting Protocol 1.2. */
export const fireMessageFormats = ['json', 'cap'] as const;
export type FireMessageFormat = (typeof fireMessageFormats)[number];

/** Settings of section `fireCommand`: where messages to the fire-command side (119) go. */
export type FireCommandSettings = {
  readonly url: string | undefined;
  readonly format: FireMessageFormat;
  readonly secret: string | undefined;
  readonly sender: string | undefined;
};

/** As `settings` of the configuration has them. */
export const fireCommandSettings = {
  'fireCommand.url': {
    type: 'httpUrl',
    default: undefined,
    description:
      'where the fire-command side takes a fire that a person has confirmed (POST); http:// only on loopback; absent: told by telephone alone',
  },
  'fireCommand.format': { type: 'fireMessageFormat', default: 'json', description: 'of those messages: json or cap' },
  'fireCommand.secret': {
    type: 'string',
    default: undefined,
    secret: true,
    description: 'both sides’ key for the signature of those messages; absent: they are not signed',
  },
  'fireCommand.sender': {
    type: 'string',
    default: undefined,
    description:
      'as what the fire-command side knows this centre: no spaces, commas, < or &; such as centre@city.example',
  },
} as const;

/** The channel, when there is one. */
export type FireChannel = FireCommandSettings & { readonly url: string; readonly sender: string };

/** @throws RangeError naming the setting, what it is and what is expected. */
export function fireChannelOf(settings: FireCommandSettings): FireChannel | undefined {
  const { url, sender } = settings;
  if (url === undefined) return undefined;
  if (!isSecureUrl(url))
    throw new RangeError(
      `fireCommand.url is ${JSON.stringify(url)}, expected https:// (http:// only on loopback): it tells who is where`,
    );
  // CAP 1.2, 3.2.1.
  if (sender === undefined || /[\s,<&]/.test(sender))
    throw new RangeError(
      `fireCommand.sender is ${JSON.stringify(sender ?? '')}, expected a name without spaces, commas, < and &, such as centre@city.example`,
    );
  return { ...settings, url, sender };
}
