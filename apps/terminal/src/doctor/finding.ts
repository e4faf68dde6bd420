/** One line of the doctor: what was looked at, how it is, and what to do. */
export type DoctorFinding = {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly remedy?: string;
};

export const ok = (name: string, detail: string): DoctorFinding => ({ name, state: 'ok', detail });
export const warn = (name: string, detail: string, remedy: string): DoctorFinding => ({
  name,
  state: 'warn',
  detail,
  remedy,
});
export const fail = (name: string, detail: string, remedy: string): DoctorFinding => ({
  name,
  state: 'fail',
  detail,
  remedy,
});

export function wordsOf(error: unknown): string {
  const { message, code } = (error ?? {}) as { message?: unknown; code?: unknown };
  if (typeof message === 'string' && message !== '') return message;
  return typeof code === 'string' ? code : String(error);
}
