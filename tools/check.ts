/**
 * Gates: format, types, lint, layers. Each prints how much it inspected; a gate that inspected nothing fails.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const root = path.resolve(import.meta.dirname, '..');
const bin = (name: string): string => path.join(root, 'node_modules', '.bin', name);

type Outcome = { readonly inspected: number; readonly unit: string; readonly passed: boolean; readonly output: string };

function run(command: string, args: readonly string[]): { code: number; stdout: string; stderr: string } {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (result.error) throw result.error;
  return { code: result.status ?? 1, stdout: result.stdout, stderr: result.stderr };
}

const sources = (): string[] =>
  globSync(['{packages,apps,tools,test,bench}/**/*.{ts,tsx,mjs}', '*.{mjs,json}'], {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name === 'dist',
  });

function format(): Outcome {
  const { code, stdout, stderr } = run(bin('prettier'), ['--check', '.', '--log-level', 'warn']);
  return { inspected: sources().length, unit: 'files', passed: code === 0, output: stdout + stderr };
}

function types(project: string): Outcome {
  const { code, stdout, stderr } = run(bin('tsc'), ['-p', project, '--listFiles']);
  const lines = stdout.split('\n');
  const own = lines.filter((line) => line.startsWith(root) && !line.includes('node_modules'));
  const errors = lines.filter((line) => !line.startsWith('/') && line.trim() !== '');
  return { inspected: own.length, unit: 'files', passed: code === 0, output: errors.join('\n') + stderr };
}

function lint(): Outcome {
  const { code, stdout, stderr } = run(bin('eslint'), ['.', '--format', 'json']);
  type FileResult = {
    filePath: string;
    errorCount: number;
    messages: { severity: number; line?: number; ruleId: string | null; message: string }[];
  };
  let results: FileResult[];
  try {
    results = JSON.parse(stdout) as FileResult[];
  } catch {
    return { inspected: 0, unit: 'files', passed: false, output: stdout + stderr };
  }
  const output = results.flatMap(({ filePath, messages }) =>
    messages
      .filter(({ severity }) => severity === 2 || process.argv.includes('--warnings'))
      .map((m) => `${path.relative(root, filePath)}:${m.line ?? 0} ${m.ruleId ?? 'parse'} ${m.message}`),
  );
  return { inspected: results.length, unit: 'files', passed: code === 0, output: output.join('\n') };
}

function layers(): Outcome {
  const { code, stdout, stderr } = run(bin('depcruise'), [
    'packages',
    'apps',
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'json',
  ]);
  type Cruise = {
    summary: {
      totalCruised: number;
      violations: { rule: { name: string; severity: string }; from: string; to: string }[];
    };
  };
  let cruise: Cruise;
  try {
    cruise = JSON.parse(stdout) as Cruise;
  } catch {
    return { inspected: 0, unit: 'modules', passed: false, output: stdout + stderr };
  }
  const { violations, totalCruised } = cruise.summary;
  const output = violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).join('\n');
  return { inspected: totalCruised, unit: 'modules', passed: code === 0 && violations.length === 0, output };
}

const gates: readonly (readonly [string, () => Outcome])[] = [
  ['format', format],
  ['types of the pure packages', () => types('packages/tsconfig.json')],
  ['types', () => types('tsconfig.json')],
  ['types of the console', () => types('apps/console/tsconfig.json')],
  ['lint', lint],
  ['layers', layers],
];

let failed = false;
for (const [name, gate] of gates) {
  const startedAt = performance.now();
  const outcome = gate();
  const passed = outcome.passed && outcome.inspected > 0;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}: ${outcome.inspected} ${outcome.unit} inspected, ${seconds} s`);
  if (!passed) {
    failed = true;
    console.log(outcome.output.trim());
    if (outcome.inspected === 0) console.log(`${name} inspected nothing: a gate that sees nothing is broken`);
  }
}
process.exit(failed ? 1 : 0);
