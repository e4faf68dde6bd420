/** An answer of the API that is not a success, or none at all; `code` is stable (RFC 9457 `code`), never match on text. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly code: string;
  readonly detail: string;

  constructor(facts: { status: number; code: string; detail: string; cause?: unknown }) {
    super(`${facts.code}: ${facts.detail}`, { cause: facts.cause });
    this.status = facts.status;
    this.code = facts.code;
    this.detail = facts.detail;
  }
}

export function isProblem(error: unknown, status?: number): error is ApiProblem {
  return error instanceof ApiProblem && (status === undefined || error.status === status);
}

/** No centre has said anything to it: none was reached, or its answer did not come. */
export function isNoAnswer(error: unknown): boolean {
  return isProblem(error) && (error.status === 0 || error.status === 503);
}

/** It may have been done all the same: the answer was lost, or whether it was sent cannot be told. */
export function isOutcomeUnknown(error: unknown): boolean {
  return isProblem(error) && (error.status === 0 || error.code === 'centreSilent');
}

/** Reads a problem document; a body that is none still gives a code (`http502`) and words. */
export function problemOf(status: number, body: unknown): ApiProblem {
  const { code, detail, title } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  return new ApiProblem({
    status,
    code: typeof code === 'string' ? code : `http${status}`,
    detail: typeof detail === 'string' ? detail : typeof title === 'string' ? title : `HTTP ${status}`,
  });
}

/** Codes of this side: no answer within the time-out, no connection, an answer that is not JSON. */
export const localProblem = {
  timeout: (cause: unknown) => new ApiProblem({ status: 0, code: 'timeout', detail: 'no answer in time', cause }),
  unreachable: (cause: unknown) => new ApiProblem({ status: 0, code: 'unreachable', detail: 'no connection', cause }),
  unreadable: (status: number) => new ApiProblem({ status, code: 'unreadable', detail: 'the answer is not JSON' }),
} as const;
