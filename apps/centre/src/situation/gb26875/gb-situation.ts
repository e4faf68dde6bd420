import { standardGbProfile, type GbProfile } from '@fengsui/protocol';
import type { DeviceRecord } from '../../registry/registry-change.ts';
import type { Place } from '../kept.ts';
import { RecentFrames } from './recent-frames.ts';

/** A value a part measured. */
export type GbPartValue = {
  readonly analogType: number;
  readonly raw: number;
  readonly value: number;
  readonly unit?: string;
  readonly quality?: 'underRange' | 'overRange';
  readonly at: number;
  readonly order: number;
};

/** What is known of a component, of a whole system, or (point '') of the transmission device itself. */
export type GbPart = {
  /** `s1-1-p03000c00`, `s1-1`, ''. */
  readonly point: string;
  readonly systemType?: number;
  readonly systemAddress?: number;
  readonly partType?: number;
  /** Four bytes as hex in wire order. */
  readonly partAddress?: string;
  readonly description?: string;
  /** The newest status word, with the bits a reset took away; absent when none came. */
  readonly status?: number;
  /** Type of the unit the word came in: 1 system, 2 component, 21 device, or the make's own. */
  readonly statusType?: number;
  readonly statusAt?: number;
  /** Receipt order of the frame the word, or the reset, came in. */
  readonly statusOrder?: number;
  readonly isManualAlarmActive?: true;
  readonly values?: Readonly<Record<string, GbPartValue>>;
  readonly software?: string;
  readonly configuration?: string;
  /** The facility's or the device's clock less ours, when last read. */
  readonly clockOffsetMs?: number;
  readonly receivedAt: number;
};

/** The newest frame under a serial: what a resend is compared with after a restart. */
export type GbFrameRecord = {
  readonly deviceId: string;
  readonly place: Place;
  readonly serial: number;
  readonly order: number;
  readonly receivedAt: number;
  /** The sending time's six bytes as hex when they are a time; else ''. */
  readonly label: string;
  /** Digest of command and data unit. */
  readonly content: string;
};

/** As much of it as a resend is compared with. */
export type StoredGbFrame = Pick<GbFrameRecord, 'deviceId' | 'serial' | 'receivedAt' | 'label' | 'content'>;

export const gbDutyCheckStates = ['asked', 'delivered', 'answered', 'late', 'absent', 'notDelivered'] as const;

/** 查岗: is somebody on duty there? */
export type GbDutyCheck = {
  readonly id: string;
  readonly deviceId: string;
  readonly by: string;
  readonly askedAt: number;
  readonly withinMin: number;
  readonly dueAt: number;
  readonly state: (typeof gbDutyCheckStates)[number];
  readonly deliveredAt?: number;
  readonly answeredAt?: number;
  /** Number of the person at the device, as the venue numbers its people. */
  readonly operator?: number;
  /** Asked of several devices at once. */
  readonly roundId?: string;
};

const MOST_UNAPPLIED = 2_000_000;
/** Orders remembered: more than lie between a message of a gateway and its copy. */
const ORDERS_KEPT = 20_000;

/** What names the frames of a device that are compared with each other. */
export const gbFrameKey = (deviceId: string, serial: number): string => `${deviceId}/${serial}`;

/** The part of the situation that belongs to transmission devices. */
export class GbSituation {
  /** How makes deviate, by id; read at the start like code, so that a replay reads the same. */
  readonly profiles = new Map<string, GbProfile>([[standardGbProfile.id, standardGbProfile]]);
  /** The newest frames, to be looked at. */
  readonly frames = new RecentFrames();
  #parts = new Map<string, Map<string, GbPart>>();
  /** The newest check of each device. */
  #dutyChecks = new Map<string, GbDutyCheck>();
  #highestOrder = 0;
  /** Of the newest frames applied. */
  readonly #orders = new Set<number>();
  /** By device and serial: stored frames that the batch at hand may repeat. */
  readonly recalled = new Map<string, StoredGbFrame>();

  /** False for the order of a frame that was applied: what a gateway appends may lie in the journal twice. */
  isNewOrder(order: number): boolean {
    if (this.#orders.has(order)) return false;
    this.#orders.add(order);
    const [oldest = order] = this.#orders;
    if (this.#orders.size > ORDERS_KEPT) this.#orders.delete(oldest);
    return true;
  }

  /** What parts and checks another has read from the store; the door counts on. */
  become(read: GbSituation): void {
    this.#parts = read.#parts;
    this.#dutyChecks = read.#dutyChecks;
    // What was applied and not stored is applied again.
    this.#orders.clear();
    this.noteOrder(read.#highestOrder);
  }

  profileOf(device: Pick<DeviceRecord, 'gb'>): GbProfile {
    return this.profiles.get(device.gb?.profile ?? standardGbProfile.id) ?? standardGbProfile;
  }

  part(deviceId: string, point: string): GbPart | undefined {
    return this.#parts.get(deviceId)?.get(point);
  }

  parts(deviceId: string): readonly GbPart[] {
    return [...(this.#parts.get(deviceId)?.values() ?? [])];
  }

  partCount(deviceId: string): number {
    return this.#parts.get(deviceId)?.size ?? 0;
  }

  setPart(deviceId: string, part: GbPart): void {
    let parts = this.#parts.get(deviceId);
    if (parts === undefined) {
      parts = new Map();
      this.#parts.set(deviceId, parts);
    }
    parts.set(part.point, part);
  }

  dutyCheck(deviceId: string): GbDutyCheck | undefined {
    return this.#dutyChecks.get(deviceId);
  }

  setDutyCheck(check: GbDutyCheck): void {
    this.#dutyChecks.set(check.deviceId, check);
  }

  /** The highest receipt order applied: the door counts on from there. */
  get highestOrder(): number {
    return this.#highestOrder;
  }

  /** Others may have frames to apply yet, which have numbers already: no more than a journal holds. */
  skipOrders(): void {
    this.#highestOrder += MOST_UNAPPLIED;
  }

  noteOrder(order: number): void {
    this.#highestOrder = Math.max(this.#highestOrder, order);
  }
}
