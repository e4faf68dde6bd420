import { levels, localActionKind, momentaryKinds, type Level } from '@fengsui/alarm';
import { discard, shortText, type Discarded } from './discarded.ts';
import { inspectJson, isJsonObject, parseJsonObject, type JsonObject } from './json-object.ts';
import { isName } from './plain-text.ts';
import { readIdentity, readInstant, type InstantFlag, type ReportIdentity } from './report-identity.ts';
import { isWireId } from './topic.ts';
import { encodeUtf8 } from './utf8.ts';

/** Kinds that tell of a moment, not of a state: their `active` means nothing. `localAction` latches at the centre. */
const withoutState: readonly string[] = [...momentaryKinds, localActionKind];

const maxEvidenceBytes = 16 * 1024;
const maxEvidenceDepth = 32;

export type EventFlag =
  | InstantFlag
  | 'duplicateKeys'
  | 'identityInvalid'
  | 'pointInvalid'
  | 'activeInvalid'
  | 'levelMissing'
  | 'levelInvalid'
  | 'confidenceInvalid'
  | 'evidenceInvalid'
  | 'captureIdInvalid';

export type DeviceEvent = ReportIdentity & {
  readonly kind: 'event';
  /** One of alarm's `eventKinds` or any other name of 1…64 characters. */
  readonly eventKind: string;
  /** Point id or its prefix; `""` = the device as a whole (none sent, or unusable and flagged). */
  readonly point: string;
  readonly isMomentary: boolean;
  /** False only when the device said so and the kind is not momentary. */
  readonly active: boolean;
  /** `alarm` when none or an unknown one was sent: of two errors the loud one is the safe one. */
  readonly level: Level;
  readonly at?: number;
  /** 0…1. */
  readonly confidence?: number;
  /** As sent; at most 16 KiB and 32 levels deep. */
  readonly evidence?: JsonObject;
  readonly captureId?: string;
  readonly flags: readonly EventFlag[];
};

/**
 * Decodes a payload of topic `event`. Never throws.
 *
 * Only an unreadable payload or kind discards it; every other bad field is dropped and flagged, because an event that
 * is not raised hides a danger. A bad `epoch` or `seq` leaves the event without identity (the centre then compares
 * payloads) instead of discarding it.
 */
export function decodeEvent(bytes: Uint8Array): DeviceEvent | Discarded {
  const parsed = parseJsonObject(bytes);
  if (parsed.kind === 'discarded') return parsed;
  const { object } = parsed;
  const eventKind = object['kind'];
  if (!isName(eventKind)) {
    const reason = eventKind === undefined ? 'missingField' : 'invalidField';
    return discard(reason, `kind is ${shortText(eventKind)}, a name of 1…64 characters expected`);
  }
  const flags: EventFlag[] = parsed.hasDuplicateKeys ? ['duplicateKeys'] : [];
  const isMomentary = withoutState.includes(eventKind);
  const identity = readIdentity(object);
  if ('kind' in identity) flags.push('identityInvalid');
  const at = readInstant(object['at']);
  if (typeof at === 'string') flags.push(at);
  const optional = {
    confidence: readOptional(object['confidence'], isRatio, 'confidenceInvalid', flags),
    evidence: readOptional(object['evidence'], isEvidence, 'evidenceInvalid', flags),
    captureId: readOptional(object['captureId'], isWireId, 'captureIdInvalid', flags),
  };
  return {
    kind: 'event',
    ...('kind' in identity ? { epoch: '' } : identity),
    eventKind,
    point: readOptional(object['point'], isPointOrDevice, 'pointInvalid', flags) ?? '',
    isMomentary,
    active: isMomentary || (readOptional(object['active'], isBoolean, 'activeInvalid', flags) ?? true),
    level: readLevel(object['level'], isMomentary, flags),
    ...(typeof at === 'number' ? { at } : {}),
    ...(optional.confidence === undefined ? {} : { confidence: optional.confidence }),
    ...(optional.evidence === undefined ? {} : { evidence: optional.evidence }),
    ...(optional.captureId === undefined ? {} : { captureId: optional.captureId }),
    flags,
  };
}

/** What a device sends; `active` is left out for momentary kinds. */
export type EventMessage = {
  readonly epoch?: string;
  readonly seq?: number;
  readonly at?: number;
  readonly kind: string;
  readonly point?: string;
  readonly active?: boolean;
  readonly level?: Level;
  readonly confidence?: number;
  readonly evidence?: JsonObject;
  readonly captureId?: string;
};

export function encodeEvent(message: EventMessage): Uint8Array<ArrayBuffer> {
  const { epoch, seq, at, kind, point, active, level, confidence, evidence, captureId } = message;
  return encodeUtf8(JSON.stringify({ epoch, seq, at, kind, point, active, level, confidence, evidence, captureId }));
}

function readOptional<Value>(
  value: unknown,
  isValid: (candidate: unknown) => candidate is Value,
  flag: EventFlag,
  flags: EventFlag[],
): Value | undefined {
  if (value === undefined || value === null) return undefined;
  if (isValid(value)) return value;
  flags.push(flag);
  return undefined;
}

function readLevel(value: unknown, isMomentary: boolean, flags: EventFlag[]): Level {
  const level = levels.find((candidate) => candidate === value);
  if (level !== undefined) return level;
  if (value !== undefined && value !== null) flags.push('levelInvalid');
  else if (!isMomentary) flags.push('levelMissing');
  return 'alarm';
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isPointOrDevice(value: unknown): value is string {
  return value === '' || isName(value);
}

function isRatio(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function isEvidence(value: unknown): value is JsonObject {
  if (!isJsonObject(value)) return false;
  const { depth, isStorable } = inspectJson(value);
  // Depth first: JSON.stringify recurses.
  return depth <= maxEvidenceDepth && isStorable && encodeUtf8(JSON.stringify(value)).length <= maxEvidenceBytes;
}
