import { randomBytes, timingSafeEqual } from 'node:crypto';

/** Of one process, never written down: it ends with it. */
export const createProcessSecret = (): string => randomBytes(32).toString('base64url');

/** Takes as long for a wrong one as for a right one of its length. */
export const isSecret = (given: string, secret: string): boolean => {
  const [left, right] = [Buffer.from(given), Buffer.from(secret)];
  return left.length === right.length && timingSafeEqual(left, right);
};
