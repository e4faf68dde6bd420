import process from 'node:process';

/** Milliseconds of the machine's monotonic clock: on Linux the same for every process. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
