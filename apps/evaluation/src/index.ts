/**
 * Suites of `fengsui evaluate`: they read recordings of others, measure the product's own algorithms, and say what was
 * kept apart from what. Recordings are read, never copied.
 */
export { reportText } from './report-text.ts';
export { runSuite } from './run-suite.ts';
export type { Evaluation } from './run-suite.ts';
export { bar, EvaluationError, knownMetrics, SuiteUsageError } from './suite.ts';
export type { Bar, FolderNeed, Metric, Progress, Report, Skipped, Suite, SuiteOption, SuiteRequest } from './suite.ts';
export { loadSuite, suiteEntries, suiteNames } from './suites.ts';
export type { SuiteEntry } from './suites.ts';
