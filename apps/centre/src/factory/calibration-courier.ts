import { ErrandCourier, type CourierParts } from '../response/errand-courier.ts';
import type { Effects } from '../situation/effects.ts';
import {
  calibrationIdIn,
  calibrationsOf,
  isFinalCalibration,
  undeliveredCalibrations,
  type CalibrationErrand,
} from './read-factory.ts';

/** Carries the newest calibration of each device to it: when it is recorded, and when the device says that it uses another. */
export function calibrationCourier(parts: CourierParts): ErrandCourier<CalibrationErrand> {
  const { store, situation, clock } = parts;
  const { factory } = situation.registry;
  /** Which one a device has answered for good, and when: it is asked again when it has connected anew. */
  const settled = new Map<string, { readonly id: string; readonly at: number }>();

  function disagreeing({ deviceStates }: Effects): CalibrationErrand[] {
    return [...deviceStates].flatMap(([deviceId, { state }]) => {
      const newest = factory.calibration(deviceId);
      if (newest === undefined || state.calibration === undefined || state.calibration === newest.id) return [];
      const last = settled.get(deviceId);
      const isSettled = last?.id === newest.id && (state.openedAt ?? 0) <= last.at;
      return isSettled || !state.online ? [] : [{ id: newest.id, deviceId }];
    });
  }

  return new ErrandCourier<CalibrationErrand>(parts, {
    command: 'calibrate',
    newestOnly: true,
    undelivered: () => undeliveredCalibrations(store),
    newsOf: (effects) => [
      ...disagreeing(effects),
      ...effects.registryChanges.flatMap((change) =>
        change.kind === 'calibrationPut'
          ? [{ id: change.kept.calibration.id, deviceId: change.kept.calibration.deviceId }]
          : [],
      ),
    ],
    idOf: calibrationIdIn,
    isFinal: (command) => {
      const id = calibrationIdIn(command);
      const isFinal = isFinalCalibration(command);
      if (isFinal && id !== undefined) settled.set(command.deviceId, { id, at: clock.now() });
      return isFinal;
    },
    async orderOf({ id, deviceId }) {
      const kept = (await calibrationsOf(store, deviceId)).find(({ calibration }) => calibration.id === id);
      if (kept === undefined) return undefined;
      return { args: { calibration: kept.calibration }, reason: `calibration ${id}`, by: kept.recordedBy };
    },
  });
}
