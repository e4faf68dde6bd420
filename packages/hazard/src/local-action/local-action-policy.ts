/**
 * The owner's word that one circuit may be opened without asking, as it lies signed in a file on the terminal. Whose
 * signature it bears, and that it is valid, the terminal verifies before it hands the policy on.
 */
export type LocalActionPolicy = {
  readonly schema: 'fengsui.local-action-policy/1';
  readonly policyId: string;
  readonly deviceId: string;
  /** Prefix of the one circuit it speaks of: `c1`. */
  readonly circuit: string;
  readonly mode: 'observe' | 'act';
  readonly consent: {
    /** Who may dispose of the circuit. */
    readonly by: string;
    /** ISO 8601 with offset, as all instants here. */
    readonly givenAt: string;
    /** Where the signed consent lies. */
    readonly reference: string;
  };
  readonly survey: {
    readonly by: string;
    readonly surveyedAt: string;
    /** Everything found on the circuit. */
    readonly loads: readonly SurveyedLoad[];
    /**
     * `excluded`: fixed wiring without a socket, nothing else can be connected. `possible`: it can, and a load that is
     * on and not recognised as a surveyed one counts as protected.
     */
    readonly otherLoads: 'possible' | 'excluded';
  };
  readonly breakerTest: { readonly by: string; readonly testedAt: string; readonly passed: boolean };
  readonly validFrom: string;
  readonly endsAt: string;
  /** What it may be opened for. */
  readonly causes: readonly LocalActionCause[];
  /** Temperature points on this circuit's terminals, prefixes; needed for cause `thermalLimit` by temperature. */
  readonly temperaturePoints?: readonly string[];
};

export type SurveyedLoad = {
  readonly name: string;
  /** Fire pump, smoke fan, life support, lift, refrigeration …: never to be switched off. */
  readonly isProtected: boolean;
};

export const localActionCauses = ['arc', 'thermalLimit'] as const;
export type LocalActionCause = (typeof localActionCauses)[number];

/** A breaker that was not tried for a year may not open; ours, as for the test button of residual-current devices. */
export const LONGEST_TEST_AGE_MS = 366 * 86_400_000;
/** A consent does not outlive the people who gave it; ours. */
export const LONGEST_VALIDITY_MS = 3 * 366 * 86_400_000;

/**
 * Everything that is wrong with the form of a policy document, each in a sentence naming field, value and expectation;
 * empty if it is a {@link LocalActionPolicy}. Whether it permits anything now, `decideLocalAction` says.
 */
export function localActionPolicyProblems(document: unknown): readonly string[] {
  const problems: string[] = [];
  const root = objectOf(document);
  if (root === undefined) return [`local action policy is ${shown(document)}: expected an object`];
  const expect = (holds: boolean, place: string, value: unknown, expectation: string): void => {
    if (!holds) problems.push(`local action policy: ${place} is ${shown(value)}: expected ${expectation}`);
  };
  const words = (parent: Readonly<Record<string, unknown>>, place: string, fields: readonly string[]): void => {
    for (const field of fields) expect(isWord(parent[field]), `${place}${field}`, parent[field], 'a text');
  };
  const instants = (parent: Readonly<Record<string, unknown>>, place: string, fields: readonly string[]): void => {
    const expectation = 'an instant such as 2026-11-21T08:00:00+08:00';
    for (const field of fields) expect(isInstant(parent[field]), `${place}${field}`, parent[field], expectation);
  };
  const section = (name: string): Readonly<Record<string, unknown>> => {
    expect(objectOf(root[name]) !== undefined, name, root[name], 'an object');
    return objectOf(root[name]) ?? {};
  };
  const schema = 'fengsui.local-action-policy/1';
  expect(root['schema'] === schema, 'schema', root['schema'], schema);
  words(root, '', ['policyId', 'deviceId']);
  expect(isPrefix(root['circuit']), 'circuit', root['circuit'], 'a prefix of points such as c1');
  expect(root['mode'] === 'observe' || root['mode'] === 'act', 'mode', root['mode'], 'observe or act');
  instants(root, '', ['validFrom', 'endsAt']);
  const consent = section('consent');
  words(consent, 'consent.', ['by', 'reference']);
  instants(consent, 'consent.', ['givenAt']);
  const survey = section('survey');
  words(survey, 'survey.', ['by']);
  instants(survey, 'survey.', ['surveyedAt']);
  const { otherLoads, loads } = survey;
  expect(
    otherLoads === 'possible' || otherLoads === 'excluded',
    'survey.otherLoads',
    otherLoads,
    'possible or excluded',
  );
  expect(Array.isArray(loads), 'survey.loads', loads, 'a list of loads');
  for (const [index, load] of listOf(loads).entries()) {
    const { name, isProtected } = objectOf(load) ?? {};
    expect(isWord(name), `survey.loads[${index}].name`, name, 'a text');
    expect(typeof isProtected === 'boolean', `survey.loads[${index}].isProtected`, isProtected, 'true or false');
  }
  const test = section('breakerTest');
  words(test, 'breakerTest.', ['by']);
  instants(test, 'breakerTest.', ['testedAt']);
  expect(typeof test['passed'] === 'boolean', 'breakerTest.passed', test['passed'], 'true or false');
  const { causes, temperaturePoints } = root;
  const isCauses =
    Array.isArray(causes) && causes.every((cause) => (localActionCauses as readonly unknown[]).includes(cause));
  expect(isCauses, 'causes', causes, `a list of ${localActionCauses.join(', ')}`);
  const isPoints =
    temperaturePoints === undefined || (Array.isArray(temperaturePoints) && temperaturePoints.every(isPrefix));
  expect(isPoints, 'temperaturePoints', temperaturePoints, 'a list of prefixes such as t1');
  return problems;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function isWord(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 200;
}

function isPrefix(value: unknown): boolean {
  return typeof value === 'string' && /^[^.*]{1,64}$/.test(value);
}

/** With offset: a local time without one means another instant on each clock. */
function isInstant(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : (JSON.stringify(value) ?? typeof value).slice(0, 100);
}
