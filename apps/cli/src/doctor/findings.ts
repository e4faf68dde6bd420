import type { DoctorFinding } from '@fengsui/terminal';

/** One line each, the remedy under it; or one JSON object. @returns the exit code: 1 when something fails. */
export function tellFindings(findings: readonly DoctorFinding[], isJson: boolean): number {
  const failed = findings.filter(({ state }) => state === 'fail').length;
  if (isJson) console.log(JSON.stringify({ findings, failed }));
  else findings.forEach(print);
  return failed === 0 ? 0 : 1;
}

function print({ name, state, detail, remedy }: DoctorFinding): void {
  console.log(
    `${state.padEnd(4)}  ${name.padEnd(12)}  ${detail}${remedy === undefined ? '' : `\n${' '.repeat(20)}→ ${remedy}`}`,
  );
}
