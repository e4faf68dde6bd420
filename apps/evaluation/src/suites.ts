import type { Suite } from './suite.ts';

/** A suite that can be asked for; loaded only then: a table of names costs nothing, the learners behind it do. */
export type SuiteEntry = { readonly name: string; readonly summary: string; readonly load: () => Promise<Suite> };

/** All suites, in the order they are shown. */
export const suiteEntries: readonly SuiteEntry[] = [
  {
    name: 'plaid',
    summary: 'types and families of appliances in unseen houses (plaid-features)',
    load: async () => (await import('./plaid/plaid-suite.ts')).plaidSuite,
  },
  {
    name: 'loads',
    summary: 'single loads by recording (hfhad-c)',
    load: async () => (await import('./loads/loads-suite.ts')).loadsSuite,
  },
  {
    name: 'aggregate',
    summary: 'events and loads among others (train hfhad-c, test hfhad-c-aggregate); --with-simulated-hob',
    load: async () => (await import('./aggregate/aggregate-suite.ts')).aggregateSuite,
  },
  {
    name: 'enrol',
    summary: 'devices known again after 1, 2, 3 confirmations (hfhad-c); --model FILE, --draws N',
    load: async () => (await import('./enrol/enrol-suite.ts')).enrolSuite,
  },
  {
    name: 'arc',
    summary: 'the arc matrix, simulated only; or --test DIR with recordings made by others',
    load: async () => (await import('./arc/arc-suite.ts')).arcSuite,
  },
  {
    name: 'ebike',
    summary: 'e-bike charging of unseen models among other loads, simulated only',
    load: async () => (await import('./ebike/ebike-suite.ts')).ebikeSuite,
  },
  {
    name: 'fire',
    summary: 'fusion of smoke and heat on full-scale fire tests (nist-smoke-alarms), nuisance scenes, simulated fires',
    load: async () => (await import('./fire/fire-suite.ts')).fireSuite,
  },
];

/** Names of all suites, in the order they are shown. */
export const suiteNames: readonly string[] = suiteEntries.map(({ name }) => name);

/** The suite of that name, or undefined. */
export async function loadSuite(name: string): Promise<Suite | undefined> {
  return await suiteEntries.find((entry) => entry.name === name)?.load();
}
