import { randomInt } from 'node:crypto';
import { admitted } from '../registry/device-life.ts';
import type { DeviceRecord, RegistryChange } from '../registry/registry-change.ts';
import type { RegistryDesk } from '../registry/registry-desk.ts';
import { RegistryRefusal } from '../registry/registry-refusal.ts';
import type { Registry } from '../registry/registry.ts';
import { createSecret, hashSecret, verifySecret } from './device-secret.ts';

/** After a rotation the old secret opens the door until the new one was used, and no longer than this. */
export const OLD_SECRET_MS = 24 * 3_600_000;
/** A claim code lies on a delivery note; it must outlive the way to the site and not much more. */
export const CLAIM_MS = 7 * 24 * 3_600_000;

/** Without 0 1 I L O U: read aloud and typed on a ladder. 16 of 30 characters hold 78 bits. */
const CLAIM_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Which secret it was; undefined for a wrong one. */
export function matchSecret(device: DeviceRecord, secret: string, now: number): 'current' | 'old' | undefined {
  if (verifySecret(secret, device.secretSha256)) return 'current';
  const { oldSecret } = device;
  return oldSecret !== undefined && now < oldSecret.validUntil && verifySecret(secret, oldSecret.sha256)
    ? 'old'
    : undefined;
}

/** Whether a session that was opened with this secret may stay. */
export function isStillValid(device: DeviceRecord | undefined, secretSha256: string): boolean {
  return (
    device !== undefined &&
    admitted(device) === 'accepted' &&
    [device.secretSha256, device.oldSecret?.sha256].includes(secretSha256)
  );
}

export type Claim = { readonly deviceId: string; readonly claimCode: string; readonly expiresAt: number };

/** A one-time code for the device's secret; an earlier code of it ends. */
export async function createClaim(desk: RegistryDesk, id: string, by: string): Promise<Claim> {
  const [claim] = await createClaims(desk, [id], by);
  if (claim === undefined) throw new Error(`no claim code for ${id}`);
  return claim;
}

/** One journal entry for all of them: a sheet of labels is made as a whole. */
export function createClaims(desk: RegistryDesk, ids: readonly string[], by: string): Promise<readonly Claim[]> {
  return desk.change((registry, at) => {
    const expiresAt = at + CLAIM_MS;
    const claims = ids.map((id) => ({ device: usable(registry, id), claimCode: newClaimCode() }));
    return {
      changes: claims.flatMap(({ device, claimCode }): RegistryChange[] => [
        {
          kind: 'devicePut',
          device: { ...device, claim: { sha256: hashSecret(normalised(claimCode)), expiresAt } },
        },
        history({ deviceId: device.id, at, by, kind: 'secret', reason: 'claim code' }),
      ]),
      result: claims.map(({ device, claimCode }) => ({ deviceId: device.id, claimCode, expiresAt })),
    };
  });
}

/** The device of a claim code with a new secret; the code and every earlier secret end. */
export function redeemClaim(
  desk: RegistryDesk,
  claimCode: string,
): Promise<{ readonly deviceId: string; readonly secret: string }> {
  const sha256 = hashSecret(normalised(claimCode));
  return desk.change((registry, at) => {
    const holder = [...registry.allDevices()].find(({ claim }) => claim?.sha256 === sha256);
    if (holder?.claim === undefined || at >= holder.claim.expiresAt || admitted(holder) !== 'accepted') {
      throw new RegistryRefusal('claimInvalid', 'the claim code is unknown, used or expired');
    }
    const { claim: _used, oldSecret: _ended, ...device } = holder;
    const secret = createSecret();
    return {
      changes: [
        { kind: 'devicePut', device: { ...device, secretSha256: hashSecret(secret) } },
        history({ deviceId: device.id, at, by: 'the device', kind: 'secret', reason: 'enrolled with its claim code' }),
      ],
      result: { deviceId: device.id, secret },
    };
  });
}

/** A new secret beside the old one, so that a device in the field can be changed over without a gap. */
export function rotateSecret(
  desk: RegistryDesk,
  id: string,
  by: string,
): Promise<{ readonly deviceId: string; readonly secret: string; readonly oldValidUntil: number }> {
  return desk.change((registry, at) => {
    const device = usable(registry, id);
    const secret = createSecret();
    const validUntil = at + OLD_SECRET_MS;
    // Rotated twice before the new one was used: what the device has is the older of the two.
    const stillUsed = device.oldSecret !== undefined && at < device.oldSecret.validUntil;
    const sha256 = stillUsed ? device.oldSecret?.sha256 : device.secretSha256;
    const oldSecret = sha256 === undefined ? {} : { oldSecret: { sha256, validUntil } };
    return {
      changes: [
        { kind: 'devicePut', device: { ...device, secretSha256: hashSecret(secret), ...oldSecret } },
        history({ deviceId: id, at, by, kind: 'secret', reason: 'secret rotated' }),
      ],
      result: { deviceId: id, secret, oldValidUntil: validUntil },
    };
  });
}

/** The new secret was used: the old one ends. */
export function endOldSecret(desk: RegistryDesk, id: string): Promise<void> {
  return desk.change((registry) => {
    const known = registry.device(id);
    if (known?.oldSecret === undefined) return { changes: [], result: undefined };
    const { oldSecret: _ended, ...device } = known;
    return { changes: [{ kind: 'devicePut', device }], result: undefined };
  });
}

function usable(registry: Registry, id: string): DeviceRecord {
  const device = registry.device(id);
  if (device === undefined) throw new RegistryRefusal('unknownDevice', `device ${id} is not registered`);
  const admission = admitted(device);
  if (admission === 'retired') throw new RegistryRefusal('deviceRetired', `device ${id} is retired`);
  if (admission === 'revoked')
    throw new RegistryRefusal('deviceRevoked', `device ${id} is revoked; "device secret" gives it a new secret`);
  return device;
}

const history = (line: Extract<RegistryChange, { kind: 'deviceHistory' }>['line']): RegistryChange => ({
  kind: 'deviceHistory',
  line,
});

function newClaimCode(): string {
  const characters = Array.from({ length: 16 }, () => CLAIM_ALPHABET[randomInt(CLAIM_ALPHABET.length)]).join('');
  return (characters.match(/.{4}/g) ?? []).join('-');
}

/** As people type it: without dashes, in any case. */
const normalised = (code: string): string => code.replace(/[\s-]/g, '').toUpperCase();
