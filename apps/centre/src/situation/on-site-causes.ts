import type { Effects } from './effects.ts';
import type { OnSiteCause, Place } from './kept.ts';

/** Alarms after which a breaker is closed on site only: design.md 7. */
const ON_SITE_KINDS: ReadonlySet<string> = new Set([
  'localAction',
  'arc',
  'contactHeating',
  'overTemperature',
  'residualCurrent',
]);

/** Why a breaker must not be closed from afar, for good: kept by what happens, so that asking looks at no past alarm. */
export class OnSiteCauses {
  readonly #causes = new Map<string, Map<string, OnSiteCause>>();

  restore(cause: OnSiteCause): void {
    let causes = this.#causes.get(cause.deviceId);
    if (causes === undefined) this.#causes.set(cause.deviceId, (causes = new Map<string, OnSiteCause>()));
    causes.set(cause.prefix, cause);
  }

  /** An alarm has come into being. */
  note(cause: OnSiteCause, place: Place, effects: Effects): void {
    if (!ON_SITE_KINDS.has(cause.kind)) return;
    // Told late: the newer one stands.
    if ((this.#causes.get(cause.deviceId)?.get(cause.prefix)?.at ?? 0) > cause.at) return;
    this.restore(cause);
    effects.onSiteCauses.set(`${cause.deviceId}/${cause.prefix}`, { place, cause });
  }

  /**
   * The newest cause that concerns a circuit: its own, the whole device's, and any temperature point's, as which circuit
   * that one sits on is not known here.
   */
  of(deviceId: string, circuit: string): OnSiteCause | undefined {
    let newest: OnSiteCause | undefined;
    for (const cause of this.#causes.get(deviceId)?.values() ?? []) {
      const concerns = cause.prefix === '' || cause.prefix === circuit || cause.prefix.startsWith('t');
      if (concerns && cause.at >= (newest?.at ?? 0)) newest = cause;
    }
    return newest;
  }
}
