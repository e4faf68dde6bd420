import { discard, maxPacketBytes, type Discarded } from './discarded.ts';
import { binaryTelemetryVersion, decodeBinaryTelemetry } from './telemetry-binary.ts';
import { decodeJsonTelemetry } from './telemetry-json.ts';
import type { Telemetry } from './telemetry-message.ts';

/**
 * Decodes a payload of topic `telemetry`: JSON (single or batch) when it starts with `{`, else the binary form `0x01`.
 *
 * Never throws. A bad value is listed in `rejected` and the good ones are kept; `discarded` only when nothing can be
 * used or the identity (epoch, seq) is unreadable.
 */
export function decodeTelemetry(bytes: Uint8Array): Telemetry | Discarded {
  if (bytes.length === 0) return discard('empty', 'payload of 0 bytes, telemetry expected');
  if (bytes.length > maxPacketBytes) {
    return discard('tooLarge', `payload of ${bytes.length} bytes, at most ${maxPacketBytes} expected`);
  }
  return bytes[0] === binaryTelemetryVersion ? decodeBinaryTelemetry(bytes) : decodeJsonTelemetry(bytes);
}
