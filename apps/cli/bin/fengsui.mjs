#!/usr/bin/env node
// The only entry that may be started with an older Node: the sources below are .ts, which Node < 24 cannot load.
// Under an older Node it re-starts itself with the locked Node 24 of the optionalDependencies.
import { spawn } from 'node:child_process';
import nodeModule, { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

const REQUIRED_MAJOR = 24;
const FLUSH_AFTER_MS = 10_000;

if (Number(process.versions.node.split('.')[0]) >= REQUIRED_MAJOR) {
  keepCompiled();
  await import('../src/main.ts');
} else {
  restartWithLockedNode();
}

/**
 * Stripping types and compiling is half of a start: what is compiled is kept, for children and workers too. Beside the
 * packages, which only their owner writes, never in a shared temporary folder: it is code that runs.
 */
function keepCompiled() {
  process.env.NODE_COMPILE_CACHE ??= path.resolve(import.meta.dirname, '../../../node_modules/.cache/fengsui');
  nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  // Node writes it at exit; a process that runs for months, or is killed, would never write it.
  setTimeout(() => nodeModule.flushCompileCache(), FLUSH_AFTER_MS).unref();
}

function restartWithLockedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  let binary;
  try {
    const folder = path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    binary = path.join(folder, 'bin', platform === 'win' ? 'node.exe' : 'node');
  } catch {
    console.error(
      `fengsui: Node ${process.versions.node} is too old and ${name} is not installed; ` +
        `run "npm ci", or use Node ${REQUIRED_MAJOR} or newer (on macOS install it yourself).`,
    );
    process.exit(1);
  }
  const child = spawn(binary, [import.meta.filename ?? process.argv[1], ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`fengsui: cannot start ${binary}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    for (const forwardedSignal of forwarded) process.removeAllListeners(forwardedSignal);
    if (signal) process.kill(process.pid, signal);
    else process.exit(code ?? 1);
  });
}
