import { momentaryKinds } from '@fengsui/alarm';
import { encodeEvent } from '../wire/event.ts';
import { encodeSingleTelemetry } from '../wire/telemetry-json.ts';
import type { MappedStatement } from './apply-mapping.ts';

export type WireReport = { readonly channel: 'telemetry' | 'event'; readonly payload: Uint8Array<ArrayBuffer> };

/** A mapped statement as the device itself would have sent it on our wire, without a number of its own. */
export function wireReportOf(statement: MappedStatement): WireReport {
  const at = statement.at === undefined ? {} : { at: statement.at };
  if (statement.kind === 'values')
    return { channel: 'telemetry', payload: encodeSingleTelemetry({ ...at, values: statement.values }) };
  const { eventKind, point, level, active } = statement;
  const state = (momentaryKinds as readonly string[]).includes(eventKind) ? {} : { active };
  return { channel: 'event', payload: encodeEvent({ ...at, kind: eventKind, point, level, ...state }) };
}
