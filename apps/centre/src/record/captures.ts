import { decodeFrames, type CaptureCalibration, type CaptureSamples, type CaptureSummary } from '@fengsui/protocol';
import { narrow, scopeParameter, type Scope } from '../access/scope.ts';
import type { CaptureState } from '../situation/kept.ts';
import type { Store } from '../store/store.ts';

const IN_SCOPE = '($1::text[] is null or venue_id = any($1::text[]))';

export type CaptureQuery = {
  readonly deviceId?: string;
  readonly venueId?: string;
  readonly limit: number;
  readonly before?: readonly [receivedAt: number, id: string];
};

/** Newest first. */
export async function listCaptures(
  scope: Scope,
  store: Store,
  query: CaptureQuery,
): Promise<readonly CaptureSummary[]> {
  const seen = narrow(scope, query.venueId === undefined ? undefined : [query.venueId]);
  const rows = await store.query(
    `select doc from capture where ${IN_SCOPE} and ($2::text is null or device_id = $2)
       and ($3::int8 is null or (received_at, id) < ($3::int8, $4::text)) order by received_at desc, id desc limit $5`,
    [scopeParameter(seen), query.deviceId ?? null, query.before?.[0] ?? null, query.before?.[1] ?? null, query.limit],
  );
  return rows.map(({ doc }) => summaryOf(doc as CaptureState));
}

export async function findCapture(scope: Scope, store: Store, id: string): Promise<CaptureState | undefined> {
  const rows = await store.query(`select doc from capture where ${IN_SCOPE} and id = $2`, [scopeParameter(scope), id]);
  return rows[0]?.['doc'] as CaptureState | undefined;
}

/** The samples there are: of an incomplete capture those before the first missing chunk. */
export async function readSamples(scope: Scope, store: Store, id: string): Promise<CaptureSamples | undefined> {
  const capture = await findCapture(scope, store, id);
  if (capture?.header === undefined) return undefined;
  const rows = await store.query(
    `select chunk_index, body from capture_chunk where ${IN_SCOPE} and capture = $2 order by chunk_index`,
    [scopeParameter(scope), id],
  );
  const bodies: Uint8Array[] = [];
  for (const [index, row] of rows.entries()) {
    if (row['chunk_index'] !== index) break;
    bodies.push(row['body'] as Uint8Array);
  }
  const { header } = capture;
  const values = decodeFrames(header, Buffer.concat(bodies));
  return {
    sampleRateHz: header.sampleRateHz,
    ...(header.mainsHz !== undefined && { mainsHz: header.mainsHz }),
    ...(header.triggerFrame !== undefined && { triggerFrame: header.triggerFrame }),
    channels: header.channels.map(({ point, unit }, index) => ({
      point,
      unit,
      values: Array.from(values[index] ?? []),
    })),
  };
}

export function summaryOf(capture: CaptureState): CaptureSummary {
  const { header } = capture;
  return {
    id: capture.id,
    deviceId: capture.deviceId,
    captureId: capture.captureId,
    venueId: capture.place.venueId,
    origin: capture.place.origin,
    receivedAt: new Date(capture.receivedAt).toISOString(),
    complete: capture.complete,
    ...(capture.incomplete === true && { incomplete: true }),
    ...(capture.damaged !== undefined && { damaged: capture.damaged }),
    chunksReceived: Object.keys(capture.chunks).length,
    chunkCount: capture.chunkCount,
    ...(header?.at !== undefined && { at: new Date(header.at).toISOString() }),
    ...(header !== undefined && { sampleRateHz: header.sampleRateHz, frames: header.frames, sha256: header.sha256 }),
    ...(header?.mainsHz !== undefined && { mainsHz: header.mainsHz }),
    ...(header?.triggerFrame !== undefined && { triggerFrame: header.triggerFrame }),
    points: header?.channels.map(({ point }) => point) ?? [],
    ...calibrationOf(header?.calibration),
  };
}

function calibrationOf(said: CaptureCalibration | 'none' | undefined): Partial<CaptureSummary> {
  if (said === undefined) return {};
  if (said === 'none') return { notCalibrated: true };
  const { channels, calibratedAt, ...rest } = said;
  return { calibration: { ...rest, calibratedAt: new Date(calibratedAt).toISOString(), channels: [...channels] } };
}
