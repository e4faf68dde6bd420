import type { KeptCallOut } from './kept-call-out.ts';

/** Call-outs that may still be answered; in memory, rebuilt at the start. */
export class CallOutBook {
  readonly #open = new Map<string, KeptCallOut>();
  readonly #byIncident = new Map<string, Set<string>>();

  get(id: string): KeptCallOut | undefined {
    return this.#open.get(id);
  }

  open(): IterableIterator<KeptCallOut> {
    return this.#open.values();
  }

  ofIncident(incidentId: string): readonly KeptCallOut[] {
    return [...(this.#byIncident.get(incidentId) ?? [])].flatMap((id) => this.get(id) ?? []);
  }

  /** Keeps it as it is now; a closed one leaves. */
  put(callOut: KeptCallOut): void {
    const { id, cause, isClosed } = callOut;
    if (isClosed === true) this.#open.delete(id);
    else this.#open.set(id, callOut);
    if (cause.kind !== 'incident') return;
    const ids = this.#byIncident.get(cause.incidentId) ?? new Set();
    if (isClosed === true) ids.delete(id);
    else ids.add(id);
    if (ids.size > 0) this.#byIncident.set(cause.incidentId, ids);
    else this.#byIncident.delete(cause.incidentId);
  }
}
