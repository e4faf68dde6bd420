import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    forwarded?: Forwarded;
  }
}

/** Who asked a process that serves seats, which asks on. */
export type Forwarded = {
  /** Address of the seat. */
  readonly address: string;
  /** By which name it calls the centre, without the port. */
  readonly host: string;
};

/** Carries what is forwarded, and the key with which it is believed. */
export const FORWARDED_HEADER = 'x-fengsui-forwarded';

export const forwardedHeader = (key: string, { address, host }: Forwarded): string =>
  [key, address, encodeURIComponent(host)].join(' ');

/** Undefined for what nobody of this centre has written. */
export function readForwarded(header: unknown, isKey: (key: string) => boolean): Forwarded | undefined {
  const [key = '', address = '', host = '', ...rest] = typeof header === 'string' ? header.split(' ') : [];
  if (address === '' || rest.length > 0 || !isKey(key)) return undefined;
  try {
    return { address, host: decodeURIComponent(host) };
  } catch {
    return undefined;
  }
}

/** Whose request it is, wherever it came in. */
export const addressOf = (request: FastifyRequest): string => request.forwarded?.address ?? request.ip;

/** The name by which the centre was called. */
export const hostOf = (request: FastifyRequest): string => request.forwarded?.host ?? request.hostname;
