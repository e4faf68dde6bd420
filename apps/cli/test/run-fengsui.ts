import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';

export const executable = path.resolve(import.meta.dirname, '../bin/fengsui.mjs');

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type RunOptions = {
  readonly environment?: Readonly<Record<string, string>>;
  /** What it reads on standard input. */
  readonly input?: Readable;
};

/** A `fengsui` that runs; it is killed after five minutes. */
export class RunningFengsui {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], { environment = {}, input }: RunOptions = {}) {
    const child = spawn(process.execPath, [executable, ...args], {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: 300_000,
      killSignal: 'SIGKILL',
    });
    this.child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    // A program that ended reads no more.
    child.stdin.on('error', () => undefined);
    if (input === undefined) child.stdin.end();
    else input.pipe(child.stdin);
    this.ended = new Promise((resolve) => {
      child.on('close', (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr }));
    });
  }
}

export function fengsui(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return new RunningFengsui(args, options).ended;
}
