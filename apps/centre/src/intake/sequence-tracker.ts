/** Epochs remembered per device: an older one is asked of the ledger again. */
const EPOCHS_PER_DEVICE = 4;

/**
 * Tells, at the moment of receipt, whether a report is the newest of its epoch. It must be decided here: events
 * overtake telemetry in the journal, so the order of application says nothing about the order of arrival.
 */
export class SequenceTracker {
  readonly #highest = new Map<string, Map<string, number>>();
  readonly #highestApplied: (deviceId: string, epoch: string) => number | undefined;

  constructor(highestApplied: (deviceId: string, epoch: string) => number | undefined) {
    this.#highestApplied = highestApplied;
  }

  isLive(deviceId: string, epoch: string, seq: number | undefined): boolean {
    if (seq === undefined) return true;
    let epochs = this.#highest.get(deviceId);
    if (epochs === undefined) {
      epochs = new Map();
      this.#highest.set(deviceId, epochs);
    }
    const highest = Math.max(epochs.get(epoch) ?? -1, this.#highestApplied(deviceId, epoch) ?? -1);
    // Only a lower number is backlog (design.md 5.1): the highest once more is a repetition, which the ledger drops, or a
    // new report of a counter that went back, which must be evaluated.
    if (seq < highest) return false;
    epochs.delete(epoch);
    epochs.set(epoch, seq);
    if (epochs.size > EPOCHS_PER_DEVICE) {
      const oldest = epochs.keys().next();
      if (!oldest.done) epochs.delete(oldest.value);
    }
    return true;
  }
}
