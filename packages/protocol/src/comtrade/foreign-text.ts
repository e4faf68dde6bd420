import { decodeUtf8 } from '../wire/utf8.ts';

// See wire/utf8.ts: every host has it, the bare language does not name it. `gb18030` is one of its fixed labels.
declare const TextDecoder: new (label: string, options: { fatal: boolean }) => { decode(bytes: Uint8Array): string };

/**
 * Text of a file that does not say its encoding: UTF-8 when it is valid, else GB18030 (recorders made in China), else
 * ISO 8859-1, which takes any byte. Commas, digits and line ends are the same in all three.
 */
export function decodeForeignText(bytes: Uint8Array): string {
  return decodeUtf8(bytes) ?? decodeGb18030(bytes) ?? decodeLatin1(bytes);
}

function decodeGb18030(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  } catch {
    // Not GB18030, or a host with a reduced set of encodings.
    return undefined;
  }
}

/** One character per byte. */
export function decodeLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}
