import type { ModbusTable } from './register-map.ts';

export type ModbusRead = {
  /** Slave address, 1 to 247 (0 to 255 behind a gateway). */
  readonly unit: number;
  readonly table: ModbusTable;
  readonly address: number;
  readonly count: number;
};

/** Why a request brought nothing. `exception`: the device answered that it will not. */
export type ModbusFailureReason = 'notConnected' | 'timeout' | 'exception' | 'garbled';

export class ModbusFailure extends Error {
  readonly reason: ModbusFailureReason;
  /** 1 to 11 with `exception`. */
  readonly exceptionCode?: number;

  constructor(reason: ModbusFailureReason, detail: string, exceptionCode?: number) {
    super(detail);
    this.name = 'ModbusFailure';
    this.reason = reason;
    if (exceptionCode !== undefined) this.exceptionCode = exceptionCode;
  }
}

/** One bus: a serial line or a connection. It carries one request at a time, whoever asks. */
export type ModbusLink = {
  /** Registers as 0 to 65535, coils and inputs as 0 or 1. @throws ModbusFailure */
  read(request: ModbusRead): Promise<readonly number[]>;
  /** Goes ahead of the reads that wait. @throws ModbusFailure */
  writeCoil(unit: number, address: number, on: boolean): Promise<void>;
  /** Goes ahead of the reads that wait. @throws ModbusFailure */
  readUrgently(request: ModbusRead): Promise<readonly number[]>;
  close(): Promise<void>;
};

const exceptionWords: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'device failure',
  5: 'acknowledged, will take long',
  6: 'device busy',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway target did not respond',
};

export function wordsOfException(code: number): string {
  return `exception ${code} (${exceptionWords[code] ?? 'unknown'})`;
}
