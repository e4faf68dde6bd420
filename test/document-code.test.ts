import assert from 'node:assert/strict';
import { globSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

/** What documents say of code: commands that can be run, files that are there, names that exist. */
const root = path.resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const documents = globSync(['*.md', 'docs/**/*.md', '{apps,packages}/*/*.md'], { cwd: root }).sort();
const readmes = documents.filter((file) => /^(apps|packages)\/[^/]+\/README[.]md$/.test(file));
const sources = globSync(['{apps,packages}/*/src/**/*.{ts,tsx}', 'tools/**/*.ts', 'apps/cli/bin/*'], { cwd: root });

/** Lines of code blocks of one language, `\\` at the end joining two. */
function blocks(page: string, language: string): readonly string[] {
  return [...page.matchAll(new RegExp('```' + language + '\\n([\\s\\S]*?)```', 'g'))].map(([, block = '']) =>
    block.replace(/\\\n\s*/g, ' '),
  );
}

/** Commands in a page: lines of shell blocks, and backquoted words that begin as a command does. */
function commandsOf(page: string): readonly string[] {
  const lines = blocks(page, 'sh').flatMap((block) => block.split('\n'));
  const inline = [...page.matchAll(/(?<!`)`((?:fengsui|npm|node) [^`\n]+)`/g)].map(([, words = '']) => words);
  return [...lines.map((line) => line.replace(/^\$ /, '')), ...inline].map((line) =>
    line.replace(/\s#\s.*$/, '').trim(),
  );
}

test('every script, file and command of fengsui that a document tells to run exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const names = [...read('apps/cli/src/main.ts').matchAll(/\bname: '([a-z0-9]+)'/g)].map(([, name = '']) => name);
  const options = new Set(
    globSync('apps/{cli,evaluation}/src/**/*.ts', { cwd: root })
      .filter((file) => !file.endsWith('.test.ts'))
      .flatMap((file) =>
        [...read(file).matchAll(/(?:^\s+|[{,] )'?([a-z][a-z-]*)'?: \{(?: type:|$)/gm)].map(([, name = '']) => name),
      ),
  );
  const seen = { npm: 0, node: 0, fengsui: 0 };
  const wrong = documents.flatMap((document) =>
    commandsOf(read(document)).flatMap((line) => {
      const problem = problemOf(line);
      return problem === undefined ? [] : [`${document}: ${line}: ${problem}`];
    }),
  );
  assert.deepEqual(wrong, []);
  assert.ok(seen.npm > 10 && seen.node > 2 && seen.fengsui > 30, JSON.stringify(seen));

  function problemOf(line: string): string | undefined {
    const [, script] = /(?:^|\s)npm run (?:-s )?([\w:-]+)/.exec(line) ?? [];
    if (script !== undefined) {
      seen.npm += 1;
      if (!Object.hasOwn(scripts, script)) return `no script ${script}`;
    }
    const [, file] = /(?:^|\s)node (?:--\S+ )*((?:\.\/)?[\w./-]+[.](?:m?js|ts))\b/.exec(line) ?? [];
    if (file !== undefined) {
      seen.node += 1;
      if (!existsSync(path.join(root, file))) return `no file ${file}`;
    }
    const [, command, rest = ''] = /(?:^fengsui|npm run -s fengsui --|fengsui[.]mjs) ([a-z0-9]+)(.*)/.exec(line) ?? [];
    if (command === undefined) return undefined;
    seen.fengsui += 1;
    if (!names.includes(command) && command !== 'help') return `no command ${command}`;
    const unknown = [...(rest.split(/[;&|>]/, 1)[0]?.matchAll(/\s--(?:no-)?([a-z][a-z-]*)/g) ?? [])]
      .map(([, name = '']) => name)
      .filter((name) => !options.has(name) && !options.has(`no-${name}`) && name !== 'help');
    return unknown.length === 0 ? undefined : `no option --${unknown.join(', --')}`;
  }
});

test('every name that an example imports from a package is exported by it', async () => {
  let count = 0;
  const wrong: string[] = [];
  for (const document of documents) {
    for (const block of blocks(read(document), 'ts')) {
      for (const [, names = '', from = ''] of block.matchAll(/^import \{([^}]+)\} from '@fengsui\/([a-z]+)'/gm)) {
        const index = ['packages', 'apps'].map((folder) => `${folder}/${from}/src/index.ts`).find((file) => existsSync(path.join(root, file))); // prettier-ignore
        const exported =
          index === undefined ? {} : ((await import(pathToFileURL(path.join(root, index)).href)) as object);
        for (const name of names.split(',').map((word) => word.trim())) {
          if (name === '' || name.startsWith('type ')) continue;
          count += 1;
          if (!Object.hasOwn(exported, name)) wrong.push(`${document}: ${name} of @fengsui/${from}`);
        }
      }
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(count > 6, `only ${count} imports found`);
});

test('files and folders that a README of a package or an app names are there', () => {
  assert.ok(readmes.length >= 7, readmes.join(' '));
  let count = 0;
  const wrong = readmes.flatMap((readme) => {
    const folder = path.dirname(readme);
    const named = [...read(readme).matchAll(/`((?:[\w-]+\/)*[\w-]+(?:\/|[.](?:ts|tsx|md))|(?:[\w-]+\/)+[\w-]+)`/g)];
    return named
      .map(([, name = '']) => name)
      .filter((name) => {
        count += 1;
        return ![folder, `${folder}/src`, '.'].some((from) => existsSync(path.join(root, from, name)));
      })
      .map((name) => `${readme}: ${name}`);
  });
  assert.deepEqual(wrong, []);
  assert.ok(count > 20, `only ${count} names found`);
});

test('words of the code that a README of a package or an app quotes are in the code', () => {
  const words = new Set(sources.flatMap((file) => read(file).match(/[A-Za-z_]\w*/g) ?? []));
  let count = 0;
  const wrong = readmes.flatMap((readme) => {
    const quoted = [
      ...read(readme)
        .replace(/```[\s\S]*?```/g, '')
        .matchAll(/`([A-Za-z_]\w{3,})(?:\([^`]*\))?`/g),
    ];
    return quoted
      .map(([, name = '']) => name)
      .filter((name) => {
        count += 1;
        return !words.has(name);
      })
      .map((name) => `${readme}: ${name}`);
  });
  assert.deepEqual(wrong, []);
  assert.ok(count > 50, `only ${count} words found`);
});
