import { checkRoomFault, type CheckedRoomFault, type RoomFault } from '../fault/room-fault.ts';
import { FaultList } from '../fault/fault-list.ts';
import { normalAt, smoothNoiseAt } from '../random/noise-at.ts';
import { hashName } from '../random/random-stream.ts';
import { localHour } from '../schedule/local-time.ts';
import { RoomAir } from './room-air.ts';
import { checkRoom, type CheckedRoom, type RoomSensor, type RoomSpec } from './room-spec.ts';

const STEP_MS = 1000;
const PURGE_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

/** Values of the sensors the room has; the others are absent. Resolution 0.01 %/m, 0.1 °C, 0.1 %LEL. */
export type RoomValues = {
  readonly obscurationPctPerM?: number;
  readonly temperatureC?: number;
  readonly lelPct?: number;
};

/** A simulated room. Its values depend on spec, seed, faults and the instant alone, not on how often it is asked. */
export type Room = {
  readonly sensors: readonly RoomSensor[];
  /** Values at `atMs` (epoch ms). Throws RangeError when time runs backwards. */
  at(atMs: number): RoomValues;
  /** Starts a fault, now or at its `atMs` (ms after the start); returns an id for `clear`. */
  inject(fault: RoomFault): string;
  /** Ends faults now: by id, by kind, or all; returns how many ended. */
  clear(idOrKind?: string): number;
};

/** Creates a room whose clock starts at `startAtMs` (epoch ms). Throws RangeError on a spec that makes no sense. */
export function createRoom(spec: RoomSpec, seed: number, startAtMs = 0): Room {
  return new SimulatedRoom(checkRoom(spec), seed, startAtMs);
}

class SimulatedRoom implements Room {
  readonly sensors: readonly RoomSensor[];
  readonly #room: CheckedRoom;
  readonly #startAtMs: number;
  readonly #air: RoomAir;
  readonly #faults = new FaultList<CheckedRoomFault>();
  readonly #keys: Record<'smoke' | 'smokeDrift' | 'heat' | 'heatDrift' | 'gas' | 'gasDrift', number>;
  #nowMs = 0;
  #lastFaultMs = -Infinity;

  constructor(room: CheckedRoom, seed: number, startAtMs: number) {
    this.#room = room;
    this.sensors = room.sensors;
    this.#startAtMs = startAtMs;
    this.#air = new RoomAir(room);
    const key = (name: string): number => hashName(name, seed);
    this.#keys = {
      smoke: key('room/smoke'),
      smokeDrift: key('room/smoke drift'),
      heat: key('room/heat'),
      heatDrift: key('room/heat drift'),
      gas: key('room/gas'),
      gasDrift: key('room/gas drift'),
    };
    for (const fault of room.faults) this.inject({ atMs: 0, ...fault });
  }

  at(atMs: number): RoomValues {
    const untilMs = Math.floor((atMs - this.#startAtMs) / STEP_MS) * STEP_MS;
    if (!(untilMs >= this.#nowMs)) {
      const now = this.#startAtMs + this.#nowMs;
      throw new RangeError(
        `room: asked for ${atMs} ms after it had reached ${now} ms, expected time not to run backwards`,
      );
    }
    while (this.#nowMs < untilMs) this.#step();
    return this.#values(this.#startAtMs + this.#nowMs);
  }

  inject(fault: RoomFault): string {
    return this.#faults.add(checkRoomFault(fault, this.#nowMs));
  }

  clear(idOrKind?: string): number {
    return this.#faults.clear(idOrKind, this.#nowMs);
  }

  #step(): void {
    this.#nowMs += STEP_MS;
    const faults = this.#faults.activeAt(this.#nowMs).map(({ fault }) => fault);
    if (faults.length > 0) this.#lastFaultMs = this.#nowMs;
    const isPurging = faults.length === 0 && this.#nowMs - this.#lastFaultMs < PURGE_MS;
    this.#air.advance(STEP_MS / 1000, this.#nowMs, faults, isPurging);
  }

  #values(atMs: number): RoomValues {
    return {
      ...(this.sensors.includes('smoke') ? { obscurationPctPerM: this.#obscuration(atMs) } : {}),
      ...(this.sensors.includes('heat') ? { temperatureC: this.#temperature(atMs) } : {}),
      ...(this.sensors.includes('gas') ? { lelPct: this.#lel(atMs) } : {}),
    };
  }

  /** Clean air 0.05 … 0.35 %/m by dust and weather. */
  #obscuration(atMs: number): number {
    const clean = 0.2 + 0.15 * smoothNoiseAt(this.#keys.smokeDrift, atMs, 25 * MINUTE_MS);
    return resolved(clean + this.#air.obscurationPctPerM + 0.03 * normalAt(this.#keys.smoke, atMs), 0.01, 0, 100);
  }

  /** A swing over the day of ±1.5 K with its peak at 15 h, weather ±1 K. */
  #temperature(atMs: number): number {
    const day = 1.5 * Math.cos((2 * Math.PI * (localHour(atMs) - 15)) / 24);
    const weather = smoothNoiseAt(this.#keys.heatDrift, atMs, 180 * MINUTE_MS);
    const noise = 0.05 * normalAt(this.#keys.heat, atMs);
    return resolved(this.#room.ambientC + day + weather + this.#air.heatRiseK + noise, 0.1, -40, 400);
  }

  /** Zero drift of a catalytic sensor below 1.5 %LEL; the instrument ends at 100 %LEL. */
  #lel(atMs: number): number {
    const drift = 0.7 + 0.6 * smoothNoiseAt(this.#keys.gasDrift, atMs, 60 * MINUTE_MS);
    return resolved(drift + this.#air.lelPct + 0.1 * normalAt(this.#keys.gas, atMs), 0.1, 0, 100);
  }
}

/** Rounded to the sensor's resolution and kept within its range. */
function resolved(value: number, resolution: number, low: number, high: number): number {
  const steps = Math.round(1 / resolution);
  return Math.min(high, Math.max(low, Math.round(value * steps) / steps));
}
