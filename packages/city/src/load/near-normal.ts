import type { RandomStream } from '../random/random-stream.ts';

/** Standard deviation of the sum of four independent uniform bytes. */
const BYTE_SUM_DEVIATION = Math.sqrt((4 * (256 ** 2 - 1)) / 12);

/** Nearly standard normal (within ±3.45) from one draw: for noise that is needed thousands of times a second. */
export function nearNormal(random: RandomStream): number {
  const draw = random.nextUint32();
  const sum = (draw & 255) + ((draw >>> 8) & 255) + ((draw >>> 16) & 255) + (draw >>> 24);
  return (sum - 510) / BYTE_SUM_DEVIATION;
}
