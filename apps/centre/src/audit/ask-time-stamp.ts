import { timeStampRequest, TimeStampError, tokenOf, verifyTimeStamp, type TimeStamp } from './time-stamp.ts';

export type TimeStampAuthority = {
  readonly url: string;
  /** PEM of its certificate, or of who signed that. */
  readonly certificates: string;
};

const LARGEST_ANSWER_BYTES = 64 * 1024;

/**
 * A stamp of a SHA-256 (hex) over HTTP (RFC 3161, 3.4), verified; the token is DER.
 *
 * @throws TimeStampError when the answer is none or not the authority's; what `fetch` throws when nobody answers in time.
 */
export async function askTimeStamp(
  { url, certificates }: TimeStampAuthority,
  sha256: string,
  timeoutMs: number,
): Promise<TimeStamp & { readonly token: Buffer }> {
  const { request, nonce } = timeStampRequest(sha256);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
    body: new Uint8Array(request),
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
  });
  if (!response.ok) throw new TimeStampError(`the authority answers ${response.status}`);
  const token = tokenOf(await bodyOf(response), nonce);
  return { ...verifyTimeStamp(token, sha256, certificates), token };
}

async function bodyOf(response: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength;
    if (bytes > LARGEST_ANSWER_BYTES)
      throw new TimeStampError(`the answer has more than ${LARGEST_ANSWER_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
