import { Type, type Static } from 'typebox';

/** RFC 9457 problem details with a stable `code`. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'stable; docs/reference/errors.md lists them' }),
    detail: Type.String(),
  },
  { $id: 'Problem' },
);
export type Problem = Static<typeof Problem>;

/** Thrown by routes: becomes a problem response. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not logged in',
  403: 'Not permitted',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  414: 'Address too long',
  415: 'Unsupported media type',
  422: 'Refused',
  429: 'Too many requests',
  503: 'Not ready',
  504: 'No answer',
};

export function problemOf(status: number, code: string, detail: string): Problem {
  return { type: `urn:fengsui:problem:${code}`, title: titles[status] ?? 'Error', status, code, detail };
}

/** Refusals of the HTTP layer itself, before a route has a say. */
const codes: Readonly<Record<number, string>> = {
  405: 'methodNotAllowed',
  408: 'requestTimeout',
  413: 'tooLarge',
  414: 'addressTooLong',
  415: 'unsupportedMediaType',
};

export const codeOfStatus = (status: number): string => codes[status] ?? 'badRequest';

export const notFound = (what: string): ApiError =>
  new ApiError(404, 'notFound', `${what} does not exist or is not yours to see`);
