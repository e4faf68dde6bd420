/** `404002…` → `40 40 02 …`, as a person reads a dump. */
export const spacedHex = (hex: string): string => hex.replace(/(..)(?!$)/g, '$1 ');

/** A payload in base64 as a person reads it: text that is printable as it is, anything else as a dump. */
export function payloadText(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (/^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\t\r\n]*$/u.test(text)) return text;
  } catch {
    // Not text: shown as bytes.
  }
  return spacedHex([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
}
