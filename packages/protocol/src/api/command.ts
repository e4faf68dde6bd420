import { origins } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';

/**
 * `requested` on record · `sent` written to the device's connection · `done` read back · `refused` by the centre or by
 * the device, nothing was done · `failed` tried and not achieved · `expired` no reply: whether it was done is unknown.
 */
export const commandStates = ['requested', 'sent', 'done', 'refused', 'failed', 'expired'] as const;
export type CommandState = (typeof commandStates)[number];

/** An order to a device with everything that became of it. */
export const DeviceCommand = Type.Object(
  {
    id: Type.String(),
    deviceId: Type.String(),
    venueId: Type.String(),
    origin: oneOf(origins),
    name: Type.String({ description: 'breakerOpen, siren, read …: docs/reference/commands.md' }),
    args: Type.Record(Type.String(), Type.Unknown()),
    reason: Type.String({ description: 'why, in the words of who asked for it' }),
    by: Type.String(),
    state: oneOf(commandStates),
    requestedAt: Instant,
    expiresAt: Instant,
    sentAt: Type.Optional(Instant),
    repliedAt: Type.Optional(Instant),
    deviceAt: Type.Optional(Type.String({ description: 'instant of the reply by the clock of the device' })),
    result: Type.Optional(Type.Unknown({ description: 'what the device read back' })),
    code: Type.Optional(
      Type.String({ description: 'why refused or failed: approvalRequired, deviceOffline, replayed …' }),
    ),
    detail: Type.Optional(Type.String()),
    late: Type.Optional(Type.Boolean({ description: 'the reply came after the command had expired' })),
  },
  { $id: 'DeviceCommand' },
);
export type DeviceCommand = Static<typeof DeviceCommand>;

/** A public key whose commands a device obeys. */
export const CommandKey = Type.Object({
  keyId: Type.String({ description: 'first 16 hex digits of the SHA-256 of the public key' }),
  publicKey: Type.String({ description: 'Ed25519, 32 bytes, base64url without padding' }),
});
export type CommandKey = Static<typeof CommandKey>;

/** A QR code as a screen draws it. */
export const QrPath = Type.Object({
  size: Type.Integer({ description: 'modules of a side, without the margin' }),
  path: Type.String({ description: 'SVG path of the dark modules, one unit each' }),
});
export type QrPath = Static<typeof QrPath>;

/** A one-time code that a device exchanges for its secret. */
export const Claim = Type.Object(
  {
    deviceId: Type.String(),
    claimCode: Type.String({ description: 'shown this once; an earlier code of the device ends' }),
    expiresAt: Instant,
    qr: Type.Object(QrPath.properties, {
      description: 'QR code of the address of the device page with the code behind #, as on the labels',
    }),
  },
  { $id: 'Claim' },
);
export type Claim = Static<typeof Claim>;

/** What a device gets for its claim code, once. */
export const Enrolment = Type.Object(
  {
    deviceId: Type.String(),
    secret: Type.String(),
    mqttUrl: Type.String(),
    commandKeys: Type.Array(CommandKey),
    releaseKeys: Type.Optional(
      Type.Array(CommandKey, { description: 'whose releases it takes; absent: none, until they are given on site' }),
    ),
  },
  { $id: 'Enrolment' },
);
export type Enrolment = Static<typeof Enrolment>;
