import { isLoadFamily, knownVersions, teach, type Teaching } from '@fengsui/fingerprint';
import type { LoadVerdict } from '@fengsui/protocol';
import type { TaughtLoads } from '../loads/taught-loads.ts';
import type { RecentLoad } from './recent-loads.ts';

/** What a person says of one switching. */
export type Judgement = {
  readonly verdict: LoadVerdict;
  readonly name?: string;
  readonly at: number;
  readonly by?: string;
};

/**
 * Learns a judgement: the circuit's devices after it.
 *
 * `confirm`: one more switching of the device it was recognised as; of a type or family alone, the first of a new
 * device under that name. `rename`: it is the device of that name on this circuit, new or known, and not the one it was
 * taken for. `reject`: not the device it was taken for; of a type or family alone there is nothing to take back, for
 * the model is not taught on site.
 *
 * @throws RangeError when there is nothing to confirm, or the name is empty.
 */
export function judge(taught: TaughtLoads, load: RecentLoad, judgement: Judgement): TaughtLoads {
  const { verdict, at, by } = judgement;
  const sign = { at, ...(by !== undefined && { by }) };
  const { fingerprint, named, device } = load;
  const wasTakenFor = named?.level === 'device' ? device : undefined;
  if (verdict === 'reject') {
    if (wasTakenFor === undefined) return taught;
    return learned(taught, { kind: 'reject', deviceId: wasTakenFor.deviceId, fingerprint, ...sign });
  }
  const name = verdict === 'rename' ? judgement.name?.trim() : named?.name;
  if (name === undefined || name === '') {
    throw new RangeError(
      verdict === 'rename'
        ? `load event ${load.loadEventId}: a name is needed`
        : `load event ${load.loadEventId} was not named, so there is nothing to confirm: give it a name`,
    );
  }
  const isSameDevice = verdict === 'confirm' && wasTakenFor !== undefined;
  const deviceId = isSameDevice ? wasTakenFor.deviceId : deviceIdOf(taught, name);
  const { type, family } = load;
  const kind = {
    ...(verdict === 'confirm' && type !== undefined && { type }),
    ...(family !== undefined && isLoadFamily(family) && { family }),
  };
  const isOther = verdict === 'rename' && wasTakenFor !== undefined && wasTakenFor.deviceId !== deviceId;
  const corrected = isOther
    ? learned(taught, { kind: 'reject', deviceId: wasTakenFor.deviceId, fingerprint, ...sign })
    : taught;
  const next = learned(corrected, { kind: 'confirm', deviceId, name, ...kind, fingerprint, ...sign });
  return { ...next, shapes: { ...next.shapes, [deviceId]: { ...load.shape, name } } };
}

/** Forgets a device, or goes back to an earlier version. @throws RangeError for one that is not there. */
export function revise(
  taught: TaughtLoads,
  revision:
    { readonly kind: 'forget'; readonly deviceId: string } | { readonly kind: 'rollBack'; readonly toVersion: number },
  at: number,
): TaughtLoads {
  if (revision.kind === 'rollBack' && !knownVersions(taught.enrolled).includes(revision.toVersion)) {
    const versions = knownVersions(taught.enrolled).join(', ');
    throw new RangeError(`version is ${revision.toVersion}, expected one of ${versions}`);
  }
  if (revision.kind === 'forget' && !taught.enrolled.devices.some(({ deviceId }) => deviceId === revision.deviceId)) {
    const known = taught.enrolled.devices.map(({ deviceId }) => deviceId).join(', ') || 'none';
    throw new RangeError(`device is ${revision.deviceId}, expected one that is enrolled: ${known}`);
  }
  return learned(taught, { ...revision, at });
}

function learned(taught: TaughtLoads, teaching: Teaching): TaughtLoads {
  return { ...taught, enrolled: teach(taught.enrolled, teaching) };
}

/** The device that bears the name already, else the next free number: ids are never used twice. */
function deviceIdOf({ enrolled }: TaughtLoads, name: string): string {
  const known = enrolled.devices.find((device) => device.name === name);
  return known?.deviceId ?? `d${enrolled.version + 1}`;
}
