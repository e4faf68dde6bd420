import { shortText } from '../../wire/discarded.ts';

/** What is wrong with one field of a JSON frame. */
export type GbJsonProblem = {
  /** `objects[0].status`; empty for the value as a whole. */
  readonly field: string;
  /** Field, value and expectation in one sentence. */
  readonly message: string;
};

/** Collects every problem of a value, so that all are told at once. */
export type ProblemList = {
  readonly found: GbJsonProblem[];
  /** Notes a field that is not as expected and gives undefined in its place. */
  refuse(field: string, value: unknown, expectation: string): undefined;
};

export function problemList(): ProblemList {
  const found: GbJsonProblem[] = [];
  return {
    found,
    refuse: (field, value, expectation) => {
      const message = `${field === '' ? 'the value' : field} is ${shortText(value)}, ${expectation} expected`;
      found.push({ field, message });
      return undefined;
    },
  };
}
