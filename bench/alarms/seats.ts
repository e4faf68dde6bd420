import type { Alarm } from '@fengsui/protocol';
import { budget } from './rates.ts';
import type { SimulatedCentre } from './simulated-centre.ts';

type Seat = {
  readonly name: string;
  /** From then on it looks at the next row. */
  freeAt: number;
  /** The row it has before it, and when it presses the key. */
  taking?: { readonly alarm: Alarm; readonly acknowledgeAt: number };
};

/** A row that a seat has taken, with the alarms that it stood for: acknowledged, and so owned. */
export type Taken = {
  readonly at: number;
  readonly rowId: string;
  readonly alarmIds: readonly string[];
  readonly seat: number;
};

const REACTION_MS = 1_000 * budget.reactionS.value;
const HANDLING_MS = 1_000 * budget.handlingS.value;

/**
 * People by script: who is free the longest takes the first row of the duty order that nobody has before him, presses
 * the key after his reaction, and is busy for the rest of the handling. He is not called away, not even by a fire.
 */
export class Seats {
  readonly taken: Taken[] = [];
  readonly #seats: readonly Seat[];
  readonly #centre: SimulatedCentre;

  constructor(centre: SimulatedCentre, count: number = budget.seats.value) {
    this.#centre = centre;
    this.#seats = Array.from({ length: count }, (_, n) => ({ name: `seat${n + 1}`, freeAt: 0 }));
  }

  /** When a seat acts next: presses its key, or is free while rows wait. */
  get nextAt(): number {
    const keys = this.#seats.map(
      ({ taking, freeAt }) => taking?.acknowledgeAt ?? (this.#isAnyWaiting ? freeAt : Infinity),
    );
    return Math.min(...keys);
  }

  /** Lets every seat do what is due at `now`. */
  act(now: number): void {
    for (const [index, seat] of this.#seats.entries()) {
      if (seat.taking === undefined || seat.taking.acknowledgeAt > now) continue;
      const { alarm } = seat.taking;
      delete seat.taking;
      const alarmIds = this.#centre.acknowledge(alarm, seat.name, now);
      this.taken.push({ at: now, rowId: alarm.id, alarmIds, seat: index });
    }
    const idle = this.#seats.filter(({ taking, freeAt }) => taking === undefined && freeAt <= now);
    if (idle.length === 0 || !this.#isAnyWaiting) return;
    const untaken = this.#untaken(idle.length);
    for (const seat of idle.sort((a, b) => a.freeAt - b.freeAt)) {
      const alarm = untaken.shift();
      if (alarm === undefined) return;
      seat.taking = { alarm, acknowledgeAt: now + REACTION_MS };
      seat.freeAt = now + HANDLING_MS;
    }
  }

  get #isAnyWaiting(): boolean {
    return this.#centre.waiting.size > this.#seats.filter(({ taking }) => taking !== undefined).length;
  }

  #untaken(count: number): Alarm[] {
    return this.#centre.waiting.first(count, new Set(this.#seats.flatMap(({ taking }) => taking?.alarm.id ?? [])));
  }
}
