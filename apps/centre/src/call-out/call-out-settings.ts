/** Settings of section `callOut`: by which channels people are called. */
export type CallOutSettings = {
  readonly publicUrl: string | undefined;
  readonly phoneUrl: string | undefined;
  readonly phoneSecret: string | undefined;
  readonly mailUrl: string | undefined;
  readonly mailFrom: string | undefined;
  readonly webhooks: string | undefined;
  readonly pushContact: string | undefined;
  readonly pushServices: string;
};

/** As `settings` of the configuration has them. */
export const callOutSettings = {
  'callOut.publicUrl': {
    type: 'httpUrl',
    default: undefined,
    description:
      'address of the web door as people reach it from outside; in messages it leads to the page of one call; absent: no links',
  },
  'callOut.phoneUrl': {
    type: 'httpUrl',
    default: undefined,
    description:
      'adapter that makes calls and sends short messages (POST, docs/reference/call-out.md); http:// only on loopback',
  },
  'callOut.phoneSecret': {
    type: 'string',
    default: undefined,
    secret: true,
    description: 'both sides’ key for the signatures of that adapter, both ways; needed with callOut.phoneUrl',
  },
  'callOut.mailUrl': {
    type: 'smtpUrl',
    default: undefined,
    secret: true,
    description:
      'mail server: smtps://user:password@host:465, or smtp://…:587 with STARTTLS; without TLS only on loopback',
  },
  'callOut.mailFrom': {
    type: 'string',
    default: undefined,
    description: 'sender of mails, such as centre@city.example; needed with callOut.mailUrl',
  },
  'callOut.webhooks': {
    type: 'string',
    default: undefined,
    description: 'file of webhooks (JSON), such as chat robots: name, address, template',
  },
  'callOut.pushContact': {
    type: 'string',
    default: undefined,
    description:
      'mailto: or https:// by which push services reach who runs this centre (RFC 8292); absent: no push to browsers',
  },
  'callOut.pushServices': {
    type: 'string',
    default: 'fcm.googleapis.com, updates.push.services.mozilla.com, web.push.apple.com, *.notify.windows.com',
    description:
      'hosts of push services that the centre writes to, separated by commas; a browser of another is refused',
  },
} as const;
