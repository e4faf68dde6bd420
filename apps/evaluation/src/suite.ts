/** One of the things `fengsui evaluate` can measure. */
export type Suite = {
  readonly name: string;
  readonly summary: string;
  /** Which folders the suite wants. */
  readonly folders: { readonly train: FolderNeed; readonly test: FolderNeed };
  /** Flags of this suite alone, beside --train, --test, --seed, --split and --json. */
  readonly options?: Readonly<Record<string, SuiteOption>>;
  /** Measures. `progress` gets a line for a person now and then. */
  run(request: SuiteRequest, progress: Progress): Promise<Report>;
};

export type FolderNeed = 'required' | 'optional' | 'none';

export type SuiteOption = {
  readonly type: 'string' | 'boolean';
  readonly description: string;
  readonly default?: string;
};

export type Progress = (line: string) => void;

export type SuiteRequest = {
  readonly trainDir?: string;
  readonly testDir?: string;
  readonly seed: number;
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
};

/** A number, or numbers by name (`medianBias` at four thresholds). Absent when it could not be measured. */
export type Metric = number | Readonly<Record<string, number>>;

/** What a suite found (design.md 5.5). Ratios are 0 … 1. */
export type Report = {
  readonly suite: string;
  /** In words: what was kept apart from what. */
  readonly split: string;
  readonly train: string | null;
  readonly test: string | null;
  readonly recordings: number;
  readonly groups: number;
  readonly skipped: readonly Skipped[];
  readonly seed: number;
  readonly model: { readonly id: string; readonly schemaVersion: number };
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly baseline: Readonly<Record<string, unknown>>;
  readonly bars: readonly Bar[];
  readonly perLabel?: unknown;
  readonly perTest?: unknown;
  readonly notes?: readonly string[];
  readonly details?: unknown;
};

/** A folder, recording or row that was left out, and why. */
export type Skipped = { readonly id: string; readonly reason: string };

/** A number and what is asked of it. Where less is better, `atLeast` and `aim` are the most that is allowed. */
export type Bar = {
  readonly metric: string;
  readonly value: number | null;
  readonly atLeast: number;
  readonly aim: number;
  readonly met: boolean;
  readonly lowerIsBetter?: true;
};

/** A bar; a value that was not measured is null and not met. */
export function bar(
  metric: string,
  value: number | undefined,
  atLeast: number,
  aim: number,
  options: { readonly lowerIsBetter?: true } = {},
): Bar {
  const known = value === undefined || Number.isNaN(value) ? null : value;
  const met = known !== null && (options.lowerIsBetter ? known <= atLeast : known >= atLeast);
  return { metric, value: known, atLeast, aim, met, ...options };
}

/** Only the metrics that were measured: an unknown number is absent, never 0. */
export function knownMetrics(metrics: Readonly<Record<string, Metric | undefined>>): Record<string, Metric> {
  const known: Record<string, Metric> = {};
  for (const [name, value] of Object.entries(metrics)) {
    if (value !== undefined && !(typeof value === 'number' && Number.isNaN(value))) known[name] = value;
  }
  return known;
}

/** The data cannot be evaluated: a folder, an index or a file is not as its format says. */
export class EvaluationError extends Error {}

/** The call is wrong: an unknown suite or flag, a folder missing, a split that must not be made. */
export class SuiteUsageError extends Error {}
