import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/**
 * Reads the server's pid, one per line (0 = ended), and acts when its input ends, which is when this test process has
 * gone, however that happened.
 */
const GUARD_SCRIPT = `
while read -r line; do pid=$line; done
if [ "\${pid:-0}" -gt 1 ]; then kill -9 "$pid" 2>/dev/null; sleep 1; fi
rm -rf -- "$1"`;

/** Ends a server and removes its folder when this process is gone; tell it the pid, a line each, on its stdin. */
export function startGuard(folder: string): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', GUARD_SCRIPT, 'sh', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  // A pipe of node is a socket; it alone must not keep the test process alive.
  (guard.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  guard.stdin?.on('error', () => {});
  return guard;
}
