import type { Store } from '../store/store.ts';
import { isOver, type KeptRelease, type KeptRollout, type KeptRolloutDevice } from './kept-rollout.ts';
import { DONE_KEPT, type RolloutBook } from './rollout-book.ts';

/** All releases and rollouts, and the devices of those that are not over or were done lately. */
export async function restoreRollouts(book: RolloutBook, store: Store): Promise<void> {
  for (const { doc } of await store.query('select doc from release order by id')) {
    const release = doc as KeptRelease;
    book.releases.set(release.id, release);
  }
  for (const { doc } of await store.query(`select doc from rollout order by (doc->>'startedAt')::int8`)) {
    const rollout = doc as KeptRollout;
    book.rollouts.set(rollout.id, rollout);
  }
  const all = [...book.rollouts.values()];
  const done = all
    .filter(({ state }) => state === 'done')
    .sort((one, other) => (other.endedAt ?? 0) - (one.endedAt ?? 0));
  for (const { id } of [...all.filter((rollout) => !isOver(rollout)), ...done.slice(0, DONE_KEPT)]) {
    const rows = await store.query('select doc from rollout_device where rollout_id = $1 order by number', [id]);
    const devices = rows.map(({ doc }) => doc as KeptRolloutDevice);
    book.devices.set(id, new Map(devices.map((device) => [device.deviceId, device])));
  }
}
