import { unreadable, type Unreadable } from '../recording/recording.ts';

const decimalPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * The lines of a CFG file one after another. The first problem is kept and later reads give harmless values, so that
 * the reader above stays a list of the fields in the order of the standard.
 */
export class CfgLines {
  problem: Unreadable | undefined;
  /** Number of the line read last, from 1. */
  number = 0;
  private readonly lines: readonly string[];

  constructor(text: string) {
    // Ctrl-Z ended files when the standard was young.
    const lines = text
      .replace(/^\uFEFF/, '')
      .replace(/\u001a[^]*$/, '')
      .split(/\r\n|\n|\r/);
    while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
    this.lines = lines;
  }

  hasMore(): boolean {
    return this.number < this.lines.length;
  }

  fail(problem: Unreadable): void {
    this.problem ??= problem;
  }

  take(expectation: string): { readonly text: string; readonly number: number } {
    const text = this.lines[this.number];
    this.number += 1;
    if (text === undefined) this.fail(unreadable(`CFG line ${this.number}`, `file ends, ${expectation} expected`));
    return { text: text ?? '', number: this.number };
  }

  /** At least `count` fields without the blanks around them. */
  fields(expectation: string, count: number): string[] {
    const { text } = this.take(expectation);
    const fields = text.split(',').map((field) => field.trim());
    if (fields.length < count) {
      this.fail(unreadable(`CFG line ${this.number}`, `${JSON.stringify(text.slice(0, 80))}, ${expectation} expected`));
    }
    return fields;
  }

  numbers(expectation: string, count: number, isValid: (value: number) => boolean): number[] {
    const fields = this.fields(expectation, count).slice(0, count);
    const numbers = fields.map((field) => (decimalPattern.test(field) ? Number(field) : NaN));
    if (!numbers.every((value) => Number.isFinite(value) && isValid(value))) {
      this.fail(unreadable(`CFG line ${this.number}`, `${JSON.stringify(fields.join(','))}, ${expectation} expected`));
    }
    return numbers;
  }

  /** A number out of a field of the line read last. */
  decimal(name: string, field: string): number {
    const value = decimalPattern.test(field) ? Number(field) : NaN;
    if (!Number.isFinite(value)) {
      this.fail(
        unreadable(`CFG line ${this.number}`, `${name} is ${JSON.stringify(field.slice(0, 40))}, a number expected`),
      );
    }
    return value;
  }
}
