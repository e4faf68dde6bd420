/** One measured table, ready to print: cells are text, numbers already rounded. */
export type Table = {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What a reader must know to judge the numbers. */
  readonly notes?: readonly string[];
};

export type BenchmarkSettings = {
  /** Shorter runs, fewer repetitions: good for a look, not for a record. */
  readonly quick: boolean;
  readonly progress: (words: string) => void;
};

export type Benchmark = {
  readonly name: string;
  run(settings: BenchmarkSettings): Promise<readonly Table[]>;
};
