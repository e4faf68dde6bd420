import { standardGbProfile, type GbProfile } from '../profile.ts';
import { gbUnitType } from '../unit/unit-types.ts';
import type { GbFrame } from './frame.ts';

export type GbFrameWarning =
  /** Another major version than the profile's. */
  | 'majorVersion'
  /** Not our address; zero included, which many devices send. */
  | 'destination'
  /** The sending time is no time; zero included. */
  | 'sentAt'
  /** A unit of the standard under a command it does not go with. */
  | 'commandOfType';

/** What deviates in a frame that is handled all the same. @param ownAddress six bytes as hex in wire order. */
export function gbFrameWarnings(
  frame: GbFrame,
  ownAddress: string,
  profile: GbProfile = standardGbProfile,
): GbFrameWarning[] {
  const warnings: GbFrameWarning[] = [];
  if (frame.version.major !== (profile.version?.major ?? 1)) warnings.push('majorVersion');
  if (frame.destination !== ownAddress.toLowerCase()) warnings.push('destination');
  if (frame.sentAt === undefined) warnings.push('sentAt');
  const { unit } = frame;
  const row = unit.kind === 'objects' && unit.by === 'standard' ? gbUnitType(unit.type) : undefined;
  if (row && !row.commands.includes(frame.command)) warnings.push('commandOfType');
  return warnings;
}
