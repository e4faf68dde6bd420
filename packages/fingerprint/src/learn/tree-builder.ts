import type { TreeEnsemble } from './tree-ensemble.ts';

/** Collects nodes and leaves of growing trees, then packs them into typed arrays. */
export type TreeBuilder = {
  startTree(): void;
  /** Adds an inner node whose right child is not known yet; returns its number. */
  split(column: number, threshold: number): number;
  /** Says where the right child of `node` starts: the node added next. */
  startRight(node: number): void;
  leaf(values: ArrayLike<number>): number;
  build(kind: TreeEnsemble['kind'], classCount: number, columnCount: number, base: Float64Array): TreeEnsemble;
};

export function createTreeBuilder(): TreeBuilder {
  const roots: number[] = [];
  const column: number[] = [];
  const threshold: number[] = [];
  const next: number[] = [];
  const leaves: number[] = [];
  let leafCount = 0;
  return {
    startTree: () => roots.push(column.length),
    split: (asked, at) => {
      column.push(asked);
      threshold.push(at);
      next.push(-1);
      return column.length - 1;
    },
    startRight: (node) => {
      next[node] = column.length;
    },
    leaf: (values) => {
      column.push(-1);
      threshold.push(0);
      next.push(leafCount);
      for (let k = 0; k < values.length; k++) leaves.push(values[k] as number);
      return leafCount++;
    },
    build: (kind, classCount, columnCount, base) => ({
      kind,
      classCount,
      columnCount,
      base,
      roots: Int32Array.from(roots),
      column: Int16Array.from(column),
      threshold: Float32Array.from(threshold),
      next: Int32Array.from(next),
      leaves: Float32Array.from(leaves),
    }),
  };
}
