import type { RoomFault } from '../fault/room-fault.ts';
import { requireWithin } from '../require-within.ts';

export const roomSensors = ['smoke', 'heat', 'gas'] as const;
export type RoomSensor = (typeof roomSensors)[number];

/** A room with point detectors under its ceiling. */
export type RoomSpec = {
  readonly sensors: readonly RoomSensor[];
  /** Default 60 m³ (1 … 1e6). */
  readonly volumeM3?: number;
  /** Ceiling above the fire, default 3 m (1 … 60). */
  readonly heightM?: number;
  /** Default 2 air changes per hour (0.01 … 100). */
  readonly airChangesPerHour?: number;
  /** For the 15 minutes after a fault ended: windows and doors are opened. Default 40 per hour. */
  readonly purgeAirChangesPerHour?: number;
  /** Share of the volume a gas lighter than air fills first, where the detector hangs. Default 0.3 (0.01 … 1). */
  readonly gasMixingRatio?: number;
  /** Mean temperature, default 23 °C (−40 … 80). */
  readonly ambientC?: number;
  /** Response time index of the heat detector, default 30 (m·s)^½ (1 … 500). */
  readonly responseTimeIndex?: number;
  /** Faults planned from the start. */
  readonly faults?: readonly RoomFault[];
};

export type CheckedRoom = Required<RoomSpec>;

/** Fills in defaults. Throws RangeError naming the field, its value and the range expected. */
export function checkRoom(spec: RoomSpec): CheckedRoom {
  const checked: CheckedRoom = {
    sensors: spec.sensors,
    volumeM3: spec.volumeM3 ?? 60,
    heightM: spec.heightM ?? 3,
    airChangesPerHour: spec.airChangesPerHour ?? 2,
    purgeAirChangesPerHour: spec.purgeAirChangesPerHour ?? 40,
    gasMixingRatio: spec.gasMixingRatio ?? 0.3,
    ambientC: spec.ambientC ?? 23,
    responseTimeIndex: spec.responseTimeIndex ?? 30,
    faults: spec.faults ?? [],
  };
  requireWithin('room.sensors: count', checked.sensors.length, 1, 3);
  requireWithin('room.volumeM3', checked.volumeM3, 1, 1e6);
  requireWithin('room.heightM', checked.heightM, 1, 60);
  requireWithin('room.airChangesPerHour', checked.airChangesPerHour, 0.01, 100);
  requireWithin('room.purgeAirChangesPerHour', checked.purgeAirChangesPerHour, checked.airChangesPerHour, 1000);
  requireWithin('room.gasMixingRatio', checked.gasMixingRatio, 0.01, 1);
  requireWithin('room.ambientC', checked.ambientC, -40, 80);
  requireWithin('room.responseTimeIndex', checked.responseTimeIndex, 1, 500);
  return checked;
}
