/** What `npm audit --json` has said, as a gate takes it. */
export type AuditJudgement =
  | { readonly kind: 'judged'; readonly parts: number; readonly severe: readonly string[]; readonly others: number }
  /** Nobody was asked: no network, or a registry that does not answer this. */
  | { readonly kind: 'notAsked'; readonly reason: string };

type Report = {
  readonly message?: string;
  readonly error?: { readonly summary?: string; readonly code?: string };
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity: string; readonly range?: string; readonly via?: readonly unknown[] }>
  >;
  readonly metadata?: { readonly dependencies?: { readonly total?: number } };
};

/** High and critical weaknesses of what is shipped stop a release; what is less is counted. */
export function judgeAudit(stdout: string): AuditJudgement {
  let report: Report;
  try {
    report = JSON.parse(stdout) as Report;
  } catch {
    return { kind: 'notAsked', reason: 'npm audit gave no report' };
  }
  const { vulnerabilities, metadata, message, error } = report;
  if (vulnerabilities === undefined) {
    const words = [message, error?.summary, error?.code].find((one) => one !== undefined && one !== '');
    return { kind: 'notAsked', reason: words ?? 'npm audit gave no report' };
  }
  const found = Object.entries(vulnerabilities);
  const isSevere = ([, { severity }]: (typeof found)[number]): boolean =>
    severity === 'high' || severity === 'critical';
  const severe = found.filter(isSevere).map(([name, { severity, range = '', via = [] }]) => {
    const titles = via.flatMap((one) => (typeof one === 'object' && one !== null && 'title' in one ? [one.title] : []));
    return `${name} ${range} (${severity}) ${titles.join('; ')}`.trim();
  });
  return { kind: 'judged', parts: metadata?.dependencies?.total ?? 0, severe, others: found.length - severe.length };
}
