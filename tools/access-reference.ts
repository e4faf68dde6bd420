import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { permissionsOfRole } from '../apps/centre/src/access/role.ts';
import { permissions, roles } from '../packages/protocol/src/index.ts';
import { CentreProcess } from '../test/harness/centre-process.ts';

type Described = { readonly summary?: string; readonly 'x-access'?: string };
export type DescribedApi = { readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>> };

const introduction = `# Access

Who may do what. This page is written by \`node tools/access-reference.ts\` from the code, and \`test/contract/access-document.test.ts\` fails when it says something else than the code does.

- **Default deny.** A route that does not say what it asks is refused at the start of the centre. What an operation asks stands in the API description (\`/api/openapi.json\`) too, as \`x-access\`.
- A role has permissions; an operation asks for one. An account or token may be bound to venues: whatever it reads, counts or exports is cut to them, and an id outside of them is answered like one that does not exist (404). Roles \`venueManager\` and \`insurer\` see nothing until venues are named.
- What belongs to no venue (models, organisations, imports, releases, relays, batches off the line) is written only by accounts that are bound to none. So are accounts, tokens and log-ins.
- A token may have less than its role. A log-in whose password was given to it has no permission until it has changed it.
- The demo's \`founder\` sits at any desk; elsewhere he has what stands here until all three administrators exist.

That nothing else opens is shown for every operation of the running centre: each role, no token, wrong, expired and revoked ones, and cookies without their CSRF token in \`test/contract/role-walk.test.ts\`, against a table written by hand; ids of another tenant in paths, filters and bodies in \`test/contract/tenant-walk.test.ts\`.
`;

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

/** The page, from what the running centre says of its operations and from the roles in the code. */
export function accessPage({ paths }: DescribedApi): string {
  const operations = Object.entries(paths).flatMap(([url, item]) =>
    Object.entries(item).map(([method, described]) => ({ method: method.toUpperCase(), url, ...described })),
  );
  const mark = (role: (typeof roles)[number], permission: (typeof permissions)[number]): string =>
    permissionsOfRole[role].includes(permission) ? '●' : '';
  const order = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  const asked = operations
    .map(({ method, url, summary = '', 'x-access': access = '' }) => ({ method, url, summary, access }))
    .sort((one, other) => order(one.url, other.url) || order(one.method, other.method));
  return [
    introduction,
    '## Roles and permissions\n',
    table(
      ['permission', ...roles.map((role) => `\`${role}\``)],
      permissions.map((permission) => [`\`${permission}\``, ...roles.map((role) => mark(role, permission))]),
    ),
    '\n## Operations\n',
    '`anyone`: no log-in, though it may ask for something else (a claim code, a signature, a device’s secret). `loggedIn`: whoever is logged in. `loopbackOrMetrics`: from this machine itself, or with `metrics.read`.\n',
    table(
      ['operation', 'asks', 'what for'],
      asked.map(({ method, url, summary, access }) => [
        `\`${method} ${url}\``,
        `\`${access}\``,
        summary.replaceAll('|', '\\|'),
      ]),
    ),
    '',
  ].join('\n');
}

export const ACCESS_PAGE = path.resolve(import.meta.dirname, '../docs/reference/access.md');

if (import.meta.main) {
  const centre = await CentreProcess.start();
  try {
    const described = (await (await fetch(`${centre.webUrl}/api/openapi.json`)).json()) as DescribedApi;
    writeFileSync(ACCESS_PAGE, accessPage(described));
    process.stdout.write(`${ACCESS_PAGE}: written\n`);
  } finally {
    await centre.dispose();
  }
}
