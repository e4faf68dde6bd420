/** The current fingerprint 电流指纹. Pure: no clock, no randomness, no I/O. */
export {};
