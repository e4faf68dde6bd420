/**
 * Gates: format, types, lint, layers. Each prints how much it inspected; a gate that inspected nothing fails.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { judgeAudit } from './judge-audit.ts';

const root = path.resolve(import.meta.dirname, '..');
const bin = (name: string): string => path.join(root, 'node_modules', '.bin', name);

type Outcome = { readonly inspected: number; readonly unit: string; readonly passed: boolean; readonly output: string };
/** Could not be looked at here, for a reason that is nobody's fault in the repository. */
type Skipped = { readonly skipped: string };

function run(command: string, args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

const sources = (): string[] =>
  globSync(['{packages,apps,tools,test,bench}/**/*.{ts,tsx,mjs}', '*.{mjs,json}'], {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name === 'dist',
  });

async function format(): Promise<Outcome> {
  const { code, stdout, stderr } = await run(bin('prettier'), ['--check', '.', '--log-level', 'warn']);
  return { inspected: sources().length, unit: 'files', passed: code === 0, output: stdout + stderr };
}

async function types(project: string): Promise<Outcome> {
  const { code, stdout, stderr } = await run(bin('tsc'), ['-p', project, '--listFiles']);
  const lines = stdout.split('\n');
  const own = lines.filter((line) => line.startsWith(root) && !line.includes('node_modules'));
  const errors = lines.filter((line) => !line.startsWith('/') && line.trim() !== '');
  return { inspected: own.length, unit: 'files', passed: code === 0, output: errors.join('\n') + stderr };
}

async function lint(): Promise<Outcome> {
  const { code, stdout, stderr } = await run(bin('eslint'), ['.', '--format', 'json']);
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

async function layers(): Promise<Outcome> {
  const { code, stdout, stderr } = await run(bin('depcruise'), [
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

/** Asks the registry about what is shipped. Without a network, or where it does not answer this, that is said. */
async function weaknesses(): Promise<Outcome | Skipped> {
  const limits = ['--fetch-retries=0', '--fetch-timeout=15000'];
  const { stdout } = await run('npm', ['audit', '--json', '--omit=dev', ...limits]);
  const judged = judgeAudit(stdout);
  if (judged.kind === 'notAsked') return { skipped: judged.reason };
  const { parts, severe, others } = judged;
  const output = [...severe, `${others} less severe`].join('\n');
  return { inspected: parts, unit: 'parts', passed: severe.length === 0, output };
}

/** The longest first: two run side by side. */
const gates: readonly (readonly [string, () => Promise<Outcome | Skipped>])[] = [
  ['lint', lint],
  ['types', () => types('tsconfig.json')],
  ['types of the console', () => types('apps/console/tsconfig.json')],
  ['types of the browser tests', () => types('test/browser/tsconfig.json')],
  ['format', format],
  ['types of the pure packages', () => types('packages/tsconfig.json')],
  ['layers', layers],
  ['known weaknesses of what is shipped', weaknesses],
];

let failed = false;
const waiting = [...gates];

async function runGates(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [name, gate] = next;
    const startedAt = performance.now();
    const outcome = await gate();
    if ('skipped' in outcome) {
      console.log(`skip ${name}: not asked (${outcome.skipped})`);
      continue;
    }
    const passed = outcome.passed && outcome.inspected > 0;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}: ${outcome.inspected} ${outcome.unit} inspected, ${seconds} s`);
    if (passed) continue;
    failed = true;
    console.log(outcome.output.trim());
    if (outcome.inspected === 0) console.log(`${name} inspected nothing: a gate that sees nothing is broken`);
  }
}

await Promise.all([runGates(), runGates()]);
process.exit(failed ? 1 : 0);
