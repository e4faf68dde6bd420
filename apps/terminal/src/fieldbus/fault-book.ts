/** Why something on a bus cannot be relied on. */
export type FaultReason = { readonly source: string; readonly reason: string; readonly detail: string };

/** The condition of one point as it has become. */
export type FaultChange = {
  readonly point: string;
  readonly active: boolean;
  readonly reasons: readonly FaultReason[];
};

/** Joins the faults of a point: it is faulty while any reason holds. Told when the set of reasons changes. */
export type FaultBook = {
  /** `reason` absent: this source is well again. Undefined when nothing changed. */
  set(point: string, key: string, reason?: FaultReason): FaultChange | undefined;
  /** Points whose fault was told and still holds. */
  active(): readonly string[];
  reasons(point: string): readonly FaultReason[];
};

/** @param restored points whose fault was told by the run before: they are told as ended once they are seen to be well. */
export function createFaultBook(restored: readonly string[] = []): FaultBook {
  const reasonsOf = new Map<string, Map<string, FaultReason>>();
  const told = new Set(restored);
  return {
    set(point, key, reason) {
      const reasons = reasonsOf.get(point) ?? new Map<string, FaultReason>();
      reasonsOf.set(point, reasons);
      const before = reasons.get(key);
      if (reason === undefined) reasons.delete(key);
      else reasons.set(key, reason);
      const isNew = before?.reason !== reason?.reason;
      const isActive = reasons.size > 0;
      if (!isNew && isActive === told.has(point)) return undefined;
      if (isActive) told.add(point);
      else if (!told.delete(point)) return undefined;
      return { point, active: isActive, reasons: [...reasons.values()] };
    },
    active: () => [...told],
    reasons: (point) => [...(reasonsOf.get(point)?.values() ?? [])],
  };
}
