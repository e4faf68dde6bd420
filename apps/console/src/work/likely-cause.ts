import type { WorkCause, WorkFault } from '@fengsui/protocol';

/** The cause that is chosen before anybody chooses: that of the first fault which has one, else the last of the list. */
export function likelyCause(causes: readonly WorkCause[], faults: readonly Pick<WorkFault, 'kind'>[]): string {
  for (const { kind } of faults) {
    const found = causes.find(({ kinds }) => kinds?.includes(kind));
    if (found !== undefined) return found.code;
  }
  return causes.at(-1)?.code ?? '';
}
