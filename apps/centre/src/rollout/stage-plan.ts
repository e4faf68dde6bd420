import { hash } from 'node:crypto';

/** Shares of all devices that run the release when a stage is over. */
export const stageShares = [0.01, 0.1, 1] as const;

/**
 * How many devices each stage adds: 1 %, 10 %, all, and at least one each. A stage that has nobody left is left out, so
 * that three devices go one by one.
 */
export function stageSizes(deviceCount: number): readonly { readonly share: number; readonly deviceCount: number }[] {
  const stages: { share: number; deviceCount: number }[] = [];
  let before = 0;
  for (const share of stageShares) {
    // Not 0.1 * 30 = 3.0000000000000004, which would be four.
    const wanted = share === 1 ? deviceCount : Math.ceil(Math.round(deviceCount * share * 1e6) / 1e6);
    const upTo = Math.min(deviceCount, Math.max(before + 1, wanted));
    if (upTo > before) stages.push({ share, deviceCount: upTo - before });
    before = upTo;
  }
  return stages;
}

/**
 * The order in which the devices of a rollout take their turn: by a hash of rollout and device, so that each rollout
 * begins with others and nobody chooses; those where a mistake costs most come last.
 */
export function turnOrder<Candidate extends { readonly id: string; readonly isDelicate: boolean }>(
  rolloutId: string,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  return candidates
    .map((candidate) => ({ candidate, turn: hash('sha256', `${rolloutId}\0${candidate.id}`, 'hex') }))
    .sort((one, other) => {
      const last = Number(one.candidate.isDelicate) - Number(other.candidate.isDelicate);
      return last !== 0 ? last : one.turn < other.turn ? -1 : 1;
    })
    .map(({ candidate }) => candidate);
}
