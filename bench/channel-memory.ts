import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export type ChannelMemory = {
  /** Mean growth per thing of `create`, bytes: backing stores of typed arrays, and everything on the JavaScript heap. */
  ofOne(create: () => unknown): { readonly typedArrayBytes: number; readonly heapBytes: number };
};

/** Weighs things by making `count` of them. */
export function createChannelMemory(count: number): ChannelMemory {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('gc');
  if (typeof found !== 'function') throw new Error('the garbage collector cannot be called');
  const collect = found as () => void;
  const settled = (): NodeJS.MemoryUsage => {
    // What was freed in one pass may free more in the next.
    for (let pass = 0; pass < 4; pass++) collect();
    return process.memoryUsage();
  };
  return {
    ofOne(create) {
      const first = create();
      const kept: unknown[] = new Array<unknown>(count).fill(undefined);
      const before = settled();
      for (let index = 0; index < count; index++) kept[index] = create();
      const after = settled();
      // Used after the second look, so that none of it is collected before.
      if (first === undefined || kept.includes(undefined)) throw new Error('nothing was made');
      return {
        typedArrayBytes: (after.arrayBuffers - before.arrayBuffers) / count,
        heapBytes: (after.heapUsed - before.heapUsed) / count,
      };
    },
  };
}
