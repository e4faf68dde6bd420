import type { LiveServerFrame } from '@fengsui/protocol';

type Unknown = Readonly<Record<string, unknown>>;

/**
 * Reads one text frame of the feed. Undefined for anything that is not a frame of design.md 5.4: the connection is then
 * not to be trusted and is opened anew. Lists the centre leaves out count as empty.
 */
export function readLiveFrame(text: string): LiveServerFrame | undefined {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof frame !== 'object' || frame === null) return undefined;
  const { type, n, at, cursor, code, detail, ...rest } = frame as Unknown;
  switch (type) {
    case 'snapshot':
    case 'batch':
      if (typeof n !== 'number' || typeof cursor !== 'string' || typeof at !== 'number') return undefined;
      return {
        type,
        n,
        cursor,
        at,
        alarms: list(rest.alarms),
        values: list(rest.values),
        presence: list(rest.presence),
        workOrders: list(rest.workOrders),
        isolations: list(rest.isolations),
        incidents: list(rest.incidents),
      };
    case 'heartbeat':
      return typeof n === 'number' && typeof at === 'number' ? { type, n, at } : undefined;
    case 'resync':
      return { type };
    case 'error':
      return { type, code: String(code), detail: String(detail) };
    default:
      return undefined;
  }
}

/** The rows themselves come from our own centre through one schema; checking each would cost more than drawing it. */
function list<Row>(rows: unknown): readonly Row[] {
  return Array.isArray(rows) ? (rows as readonly Row[]) : [];
}
