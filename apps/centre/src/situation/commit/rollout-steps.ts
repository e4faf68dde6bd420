import type { Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import { storableJson } from '../storable-json.ts';
import { column, docSteps, placesOf, upsert } from './upsert.ts';

export function rolloutSteps({ releases, rollouts, rolloutDevices }: Effects): Step[] {
  const rows = [...rolloutDevices];
  return [
    ...docSteps('release', 'id', releases, (release) => release),
    ...docSteps('rollout', 'id', rollouts, (rollout) => rollout),
    ...upsert(
      'rollout_device',
      ['id'],
      [
        ['id', 'text', column(rows, ([id]) => id)],
        ...placesOf(rows, ([, { place }]) => place),
        ['rollout_id', 'text', column(rows, ([, { rolloutId }]) => rolloutId)],
        ['number', 'int4', column(rows, ([, { number }]) => number)],
        ['state', 'text', column(rows, ([, { state }]) => state)],
        ['doc', 'jsonb', column(rows, ([, device]) => storableJson(device))],
      ],
      ['state', 'doc'],
    ),
  ];
}
