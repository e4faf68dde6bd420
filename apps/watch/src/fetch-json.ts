import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

export type Answer = { readonly status: number; readonly body: unknown };
export type Call = {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly ca?: string;
  readonly timeoutMs: number;
};

const LONGEST_ANSWER = 64 * 1024;

/**
 * One call, one connection, one time-out from the first packet to the last byte. Redirections are not followed.
 * node:http and not fetch: a quarter of the memory. Rejects when there is no whole answer; `body` is undefined when it
 * is not JSON.
 */
export function fetchJson(url: URL, { method = 'GET', headers, body, ca, timeoutMs }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options: RequestOptions & { readonly ca?: string } = {
      method,
      // Without keep-alive: a connection that is already open proves nothing about the door.
      agent: false,
      headers: { 'user-agent': 'fengsui-watch', connection: 'close', ...headers },
      ...(ca !== undefined && { ca }),
    };
    const request = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    request.on('error', fail);
    request.on('response', (response) => {
      const pieces: Buffer[] = [];
      let length = 0;
      response.on('data', (piece: Buffer) => {
        length += piece.length;
        if (length > LONGEST_ANSWER) request.destroy(new Error(`the answer is longer than ${LONGEST_ANSWER} bytes`));
        else pieces.push(piece);
      });
      response.on('error', fail);
      response.on('aborted', () => fail(new Error('the connection ended amid the answer')));
      response.on('end', () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, body: jsonOf(Buffer.concat(pieces).toString('utf8')) });
      });
    });
    request.end(body);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
