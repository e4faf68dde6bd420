import {
  createGbFrameSplitter,
  decodeGbFrame,
  encodeGbFrame,
  gbUnitTypeOf,
  isGbHeartbeat,
  type GbFrame,
  type GbObject,
  type GbProfile,
  type GbUnit,
} from '@fengsui/protocol';

const CENTRE = '010000000000';
/** 6.5.4 and 6.5.5. */
const CONFIRM_WITHIN_MS = 10_000;
const RESENDS = 3;
const ON_DUTY_ANSWER = 0b10_0000;

export type DeviceSettings = {
  readonly address: string;
  readonly profile: GbProfile;
  readonly partCount: number;
  /** How long the person at the device takes to answer an on-duty check; absent: nobody is there. */
  readonly answerAfterMs?: number;
  readonly operator: number;
};

export type DevicePorts = {
  readonly now: () => number;
  readonly send: (bytes: Uint8Array) => void;
  readonly after: (ms: number, act: () => void) => void;
  readonly tell: (direction: 'sent' | 'received', frame: GbFrame) => void;
};

type Upload = { readonly frame: GbFrame; transmissions: number; sentAt: number };

/** A transmission device with a loop of smoke detectors: uploads until confirmed, obeys controls, answers queries. */
export class SimulatedGbDevice {
  readonly #settings: DeviceSettings;
  readonly #ports: DevicePorts;
  readonly #splitter = createGbFrameSplitter();
  readonly #pending = new Map<number, Upload>();
  /** Status word of each component. */
  readonly #status: number[];
  #clockOffsetMs = 0;
  #serial = 0;
  #failed = 0;
  #confirmed = 0;

  constructor(settings: DeviceSettings, ports: DevicePorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#status = new Array<number>(settings.partCount).fill(1);
  }

  get summary(): { readonly confirmed: number; readonly pending: number; readonly failed: number } {
    return { confirmed: this.#confirmed, pending: this.#pending.size, failed: this.#failed };
  }

  heartbeat(): void {
    this.#upload({ kind: 'empty' });
  }

  /** The state of a component changes and is uploaded. */
  report(part: number, status: number): void {
    this.#status[part] = status;
    this.#upload(this.#unit(2, [this.#part(part)]));
  }

  /** Time-outs of uploads. */
  tick(): void {
    const now = this.#ports.now();
    for (const [serial, upload] of this.#pending) {
      if (now - upload.sentAt < CONFIRM_WITHIN_MS) continue;
      if (upload.transmissions > RESENDS) {
        this.#pending.delete(serial);
        this.#failed++;
      } else this.#transmit(upload);
    }
  }

  take(bytes: Uint8Array): void {
    for (const piece of this.#splitter.push(bytes)) {
      if (piece.kind !== 'frame') continue;
      const decoded = decodeGbFrame(piece.bytes, this.#settings.profile);
      if (decoded.kind === 'frame') this.#obey(decoded.frame);
    }
  }

  #obey(frame: GbFrame): void {
    this.#ports.tell('received', frame);
    const upload = this.#pending.get(frame.serial);
    if (frame.command === 3 && upload !== undefined) {
      this.#pending.delete(frame.serial);
      if (!isGbHeartbeat(upload.frame, this.#settings.profile)) this.#confirmed++;
    } else if (frame.command === 6 && upload !== undefined) upload.sentAt = -Infinity;
    else if (frame.command === 1) this.#control(frame);
    else if (frame.command === 4) this.#answer(frame);
  }

  #control(frame: GbFrame): void {
    const type = gbUnitTypeOf(frame.unit);
    const [object] = frame.unit.kind === 'objects' ? frame.unit.objects : [];
    if (type !== 89 && type !== 90 && type !== 91) return this.#reply(frame, 6, { kind: 'empty' });
    if (type === 90 && object?.at !== undefined) this.#clockOffsetMs = object.at - this.#ports.now();
    this.#reply(frame, 3, { kind: 'empty' });
    const { answerAfterMs, operator } = this.#settings;
    if (type !== 91 || answerAfterMs === undefined) return;
    this.#ports.after(answerAfterMs, () =>
      this.#upload(this.#unit(24, [{ operation: ON_DUTY_ANSWER, operator, at: this.#now() }])),
    );
  }

  #answer(frame: GbFrame): void {
    const type = gbUnitTypeOf(frame.unit) ?? 0;
    const asked = frame.unit.kind === 'objects' ? frame.unit.objects : [];
    const unit = this.#response(type, asked);
    if (unit === undefined) this.#reply(frame, 6, { kind: 'empty' });
    else this.#reply(frame, 5, unit);
  }

  #response(type: number, asked: readonly GbObject[]): GbUnit | undefined {
    const at = this.#now();
    const system = { systemType: 1, systemAddress: 1 };
    const fire = this.#status.some((status) => (status & 2) !== 0) ? 2 : 0;
    switch (type) {
      case 61:
        return this.#unit(1, [{ ...system, status: 1 | fire, at }]);
      case 62: {
        const parts = asked.flatMap(({ partAddress }) => {
          const index = this.#status.findIndex((_, part) => this.#address(part) === partAddress);
          return index < 0 ? [] : [this.#part(index)];
        });
        return parts.length === 0 ? undefined : this.#unit(2, parts);
      }
      case 81:
        return this.#unit(21, [{ status: 1 | fire, at }]);
      case 85:
        return this.#unit(25, [{ major: 1, minor: 0 }]);
      case 86:
        return this.#unit(26, [{ text: '模拟传输装置' }]);
      case 88:
        return this.#unit(28, [{ at }]);
      default:
        return undefined;
    }
  }

  #part(part: number): GbObject {
    return {
      systemType: 1,
      systemAddress: 1,
      partType: 42,
      partAddress: this.#address(part),
      status: this.#status[part] ?? 1,
      description: `模拟感烟探测器 ${part + 1}`,
      at: this.#now(),
    };
  }

  /** Loop 1, point from 1. */
  #address(part: number): string {
    const point = part + 1;
    return Buffer.from([1, 0, point & 0xff, point >> 8]).toString('hex');
  }

  #unit(type: number, objects: readonly GbObject[]): GbUnit {
    return { kind: 'objects', type, by: 'standard', objects };
  }

  #upload(unit: GbUnit): void {
    while (this.#pending.has(this.#serial)) this.#serial = (this.#serial + 1) & 0xffff;
    const frame = this.#frame(this.#serial, 2, unit);
    this.#serial = (this.#serial + 1) & 0xffff;
    const upload = { frame, transmissions: 0, sentAt: 0 };
    this.#pending.set(frame.serial, upload);
    this.#transmit(upload);
  }

  #transmit(upload: Upload): void {
    upload.transmissions++;
    upload.sentAt = this.#ports.now();
    this.#send({ ...upload.frame, sentAt: this.#now() });
  }

  #reply(to: GbFrame, command: number, unit: GbUnit): void {
    this.#send({ ...this.#frame(to.serial, command, unit), destination: to.source });
  }

  #frame(serial: number, command: number, unit: GbUnit): GbFrame {
    const { address, profile } = this.#settings;
    const version = profile.version ?? { major: 1, user: 0 };
    return { serial, version, sentAt: this.#now(), source: address, destination: CENTRE, command, unit };
  }

  #send(frame: GbFrame): void {
    this.#ports.tell('sent', frame);
    this.#ports.send(encodeGbFrame(frame, this.#settings.profile));
  }

  #now(): number {
    return this.#ports.now() + this.#clockOffsetMs;
  }
}
