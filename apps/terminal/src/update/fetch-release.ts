import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { releaseIdOf, type ReleaseManifest } from '@fengsui/protocol';
import { UpdateFailure } from './update-failure.ts';

export type FetchOptions = {
  /** Web address of the centre: `https://host:8119`. */
  readonly base: string;
  readonly deviceId: string;
  readonly secret: string;
  /** Whom to trust beside the public authorities; PEM. */
  readonly ca?: string;
  readonly manifest: ReleaseManifest;
  /** Where it is put together; what is there of it already is not fetched again. */
  readonly file: string;
  readonly signal: AbortSignal;
  /** The line is for reports: no faster than this; default 1 MiB/s. */
  readonly bytesPerSecond?: number;
  /** Pauses between attempts; default 2 s, then twice as long up to 60 s. */
  readonly firstPauseMs?: number;
};

const ATTEMPTS = 8;
const IDLE_MS = 30_000;
const WHOLE_MS = 2 * 3_600_000;
const BYTES_PER_SECOND = 1024 * 1024;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Fetches the file of a release over the terminal's own credential, going on where it broke off, and compares size and
 * hash with the manifest. What does not match is deleted.
 *
 * @throws UpdateFailure: `notOffered` (the centre says no), `fetchFailed`, `wrongContent`.
 */
export async function fetchRelease(options: FetchOptions): Promise<void> {
  const { manifest, file, signal } = options;
  const overall = AbortSignal.any([signal, AbortSignal.timeout(WHOLE_MS)]);
  let pauseMs = options.firstPauseMs ?? 2_000;
  for (let attempt = 1; ; attempt++) {
    try {
      await fetchOnce(options, overall);
      break;
    } catch (error) {
      if (error instanceof UpdateFailure && error.code === 'wrongContent') await rm(file, { force: true });
      if (error instanceof UpdateFailure || overall.aborted || attempt === ATTEMPTS) throw asFailure(error, signal);
      await sleep(pauseMs, undefined, { signal: overall }).catch((stopped: unknown) => {
        throw asFailure(stopped, signal);
      });
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  }
  const sha256 = await hashOf(file);
  if (sha256 === manifest.sha256) return;
  await rm(file, { force: true });
  throw new UpdateFailure('wrongContent', `the file has sha256 ${sha256}, the manifest says ${manifest.sha256}`);
}

function asFailure(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof UpdateFailure) return error;
  if (signal.aborted) return new UpdateFailure('givenUp', 'the update was given up');
  return new UpdateFailure('fetchFailed', error instanceof Error ? error.message : String(error));
}

async function fetchOnce(options: FetchOptions, signal: AbortSignal): Promise<void> {
  const { manifest, file, bytesPerSecond = BYTES_PER_SECOND } = options;
  let from = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (from > manifest.bytes) from = 0;
  if (from === manifest.bytes) return;
  const response = await ask(options, from, signal);
  if (response.statusCode !== 206) from = 0;
  const handle = await open(file, from === 0 ? 'w' : 'a', 0o600);
  try {
    const startedAt = performance.now();
    let received = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      received += chunk.length;
      if (from + received > manifest.bytes)
        throw new UpdateFailure(
          'wrongContent',
          `the centre sends more than the ${manifest.bytes} bytes of the manifest`,
        );
      await handle.write(chunk);
      const aheadMs = (received * 1000) / bytesPerSecond - (performance.now() - startedAt);
      if (aheadMs > 50) await sleep(aheadMs, undefined, { signal });
    }
    await handle.sync();
    if (from + received < manifest.bytes)
      throw new Error(`broke off after ${from + received} of ${manifest.bytes} bytes`);
  } finally {
    await handle.close();
  }
}

function ask(
  { base, deviceId, secret, ca, manifest }: FetchOptions,
  from: number,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const url = new URL(`/api/v1/releases/${encodeURIComponent(releaseIdOf(manifest))}/file`, base);
  const headers = {
    authorization: `Basic ${Buffer.from(`${deviceId}:${secret}`).toString('base64')}`,
    ...(from > 0 && { range: `bytes=${from}-` }),
  };
  const asks = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = asks(url, { headers, signal, ...(ca !== undefined && { ca }) }, (response) => {
      const { statusCode = 0 } = response;
      if (statusCode === 200 || statusCode === 206) return resolve(response);
      response.resume();
      const detail = `the centre answered ${statusCode} for ${releaseIdOf(manifest)}`;
      // What will not change by asking again.
      reject([401, 403, 404, 416].includes(statusCode) ? new UpdateFailure('notOffered', detail) : new Error(detail));
    });
    request.setTimeout(IDLE_MS, () => request.destroy(new Error(`nothing for ${IDLE_MS / 1000} s`)));
    request.on('error', reject);
    request.end();
  });
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}
