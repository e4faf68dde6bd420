import type { Step } from '../../store/store.ts';
import type { Effects } from '../effects.ts';
import { storableJson } from '../storable-json.ts';
import { copyStep, docSteps, placeColumns } from './upsert.ts';

export function commissioningSteps(effects: Effects): Step[] {
  return [
    ...docSteps('commissioning_test', 'id', effects.commissioningTests, (test) => test),
    ...docSteps('acceptance', 'id', effects.acceptances, (acceptance) => acceptance),
    ...docSteps('trial_operation', 'id', effects.trials, (trial) => trial),
    ...copyStep(
      'venue_life',
      [...placeColumns, ['at', 'int8'], ['doc', 'jsonb']],
      effects.venueLife.map(({ place, ...line }) => [
        place.partition,
        place.venueId,
        place.origin,
        line.at,
        storableJson(line),
      ]),
    ),
  ];
}
