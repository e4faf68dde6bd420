import type { CheckedRoomFault } from '../fault/room-fault.ts';
import { growthKwPerS2 } from '../fault/room-fault.ts';
import { riseRatio } from '../fault/fault-time.ts';
import { ceilingJet } from './ceiling-jet.ts';
import { MixedVolume } from './mixed-volume.ts';
import type { CheckedRoom } from './room-spec.ts';

/** Specific extinction of smoke, m²/g: pyrolysis 4.4 (Seader and Einhorn 1977), flaming 8.7 (Mulholland 2000). */
const SMOULDERING_M2_PER_G = 4.4;
const FLAMING_M2_PER_G = 8.7;
/** Soot yield and heat of combustion of mixed furnishings. */
const SOOT_G_PER_G = 0.03;
const COMBUSTION_KJ_PER_G = 20;
/** Lower explosive limit of methane in air as GB 15322.1 detectors are calibrated: 5 % by volume. */
const LEL_RATIO = 0.05;
/** Entry lag of a smoke detector (Heskestad: a few metres over some 0.1 m/s) and T90 ≈ 30 s of a gas sensor. */
const SMOKE_LAG_S = 12;
const GAS_LAG_S = 13;
/** A heat detector in still air follows the room this slowly. */
const STILL_AIR_LAG_S = 120;

/** What faults do to the air of a room, without any noise: smoke, heat and gas as the detectors see them. */
export class RoomAir {
  /** Light extinction per metre at the smoke detector. */
  readonly #smoke = new MixedVolume(SMOKE_LAG_S);
  readonly #gas = new MixedVolume(GAS_LAG_S);
  readonly #room: CheckedRoom;
  #heatRiseK = 0;
  #emberKw = 0;

  constructor(room: CheckedRoom) {
    this.#room = room;
  }

  /** Obscuration, % per metre: 100 (1 − e^−k). */
  get obscurationPctPerM(): number {
    return -100 * Math.expm1(-this.#smoke.sensed);
  }

  /** Rise of the heat detector over the room, K. */
  get heatRiseK(): number {
    return this.#heatRiseK;
  }

  get lelPct(): number {
    return (100 * this.#gas.sensed) / LEL_RATIO;
  }

  /** One step; `nowMs` as the faults count it, at the end of the step. */
  advance(stepS: number, nowMs: number, faults: readonly CheckedRoomFault[], isPurging: boolean): void {
    const { volumeM3, heightM, gasMixingRatio } = this.#room;
    const removalPerS = (isPurging ? this.#room.purgeAirChangesPerHour : this.#room.airChangesPerHour) / 3600;
    let extinction = 0;
    let gasPerS = 0;
    let heatKw = 0;
    let distanceM = 2;
    for (const fault of faults) {
      const elapsedMs = nowMs - fault.atMs;
      if (fault.kind === 'smouldering') {
        extinction += SMOULDERING_M2_PER_G * fault.smokeGPerS * riseRatio(elapsedMs, fault.riseMs);
      } else if (fault.kind === 'flaming') {
        heatKw += Math.min(fault.maxKw, growthKwPerS2[fault.growth] * (elapsedMs / 1000) ** 2);
        distanceM = fault.distanceM;
      } else {
        gasPerS += fault.litresPerS / 1000 / (volumeM3 * gasMixingRatio);
      }
    }
    // Extinguished: what is left dies down within a minute.
    this.#emberKw = Math.max(heatKw, this.#emberKw * Math.exp(-stepS / 15));
    extinction += (FLAMING_M2_PER_G * SOOT_G_PER_G * this.#emberKw) / COMBUSTION_KJ_PER_G;
    this.#smoke.advance(stepS, extinction / volumeM3, removalPerS);
    this.#gas.advance(stepS, gasPerS, removalPerS + gasPerS);
    this.#advanceHeat(stepS, ceilingJet(this.#emberKw < 0.01 ? 0 : this.#emberKw, heightM, Math.max(0.05, distanceM)));
  }

  #advanceHeat(stepS: number, jet: { readonly riseK: number; readonly speedMPerS: number }): void {
    const ratePerS = Math.max(1 / STILL_AIR_LAG_S, Math.sqrt(jet.speedMPerS) / this.#room.responseTimeIndex);
    this.#heatRiseK = jet.riseK + (this.#heatRiseK - jet.riseK) * Math.exp(-ratePerS * stepS);
  }
}
