import { lanes, type Lane } from './entry.ts';
import { listSegments, scanSegment } from './segment-file.ts';

/**
 * A centre that goes over to NATS leaves its segment files behind: nothing in them may be waiting to be applied.
 *
 * @throws Error naming the folder and what to do.
 */
export async function refuseUnappliedSegments(folder: string, applied: Readonly<Record<Lane, number>>): Promise<void> {
  for (const lane of lanes) {
    const last = (await listSegments(folder, lane).catch(() => [])).at(-1);
    if (last === undefined) continue;
    const sequence = (await scanSegment(last.file, lane)).entries.at(-1)?.sequence ?? 0;
    if (sequence > applied[lane])
      throw new Error(
        `${folder} holds entries that are not applied (lane ${lane}, ${applied[lane] + 1} to ${sequence}): start once without nats.url, stop, then go over to NATS`,
      );
  }
}
