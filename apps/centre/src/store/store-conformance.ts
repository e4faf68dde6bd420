import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isStoreError } from './store-error.ts';
import type { StoreErrorCode } from './store-error.ts';
import type { CopyType, CopyValue, SqlValue, Step, Store } from './store.ts';

export type ConformanceEngine = {
  /** Opens an empty store; the suite closes it. */
  open(): Promise<Store>;
  readonly name: string;
};

const sql = (text: string, ...params: SqlValue[]): Step => ({ kind: 'sql', sql: text, params });

const refusedWith =
  (code: StoreErrorCode, text?: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(isStoreError(error, code), `expected StoreError ${code}, got ${String(error)}`);
    if (text !== undefined) assert.match(error.message, text);
    return true;
  };

export const COPY_COLUMNS: readonly (readonly [string, CopyType])[] = [
  ['id', 'int8'],
  ['small', 'int2'],
  ['number', 'int4'],
  ['real', 'float8'],
  ['words', 'text'],
  ['flag', 'bool'],
  ['bytes', 'bytea'],
  ['document', 'jsonb'],
  ['reals', 'float8[]'],
  ['names', 'text[]'],
];

const CREATE_SAMPLE = `CREATE TABLE sample (id int8 PRIMARY KEY, small int2, number int4, real float8, words text,
  flag bool, bytes bytea, document jsonb, reals float8[], names text[])`;

/** Rows which both ways of writing, COPY and parameters, must give back as they are. */
export const SAMPLES: readonly (readonly CopyValue[])[] = [
  [
    1,
    -32768,
    -2147483648,
    Number.NaN,
    'plain',
    true,
    Uint8Array.of(0, 1, 255),
    '{"a":[1,null]}',
    [1.5, null, Number.NaN],
    ['a'],
  ],
  [2, 32767, 2147483647, Number.NEGATIVE_INFINITY, '烽燧 𠮷 "\\', false, new Uint8Array(0), '[]', [], []],
  [Number.MAX_SAFE_INTEGER, 0, 0, 5e-324, '', true, null, '"text"', [-0, 0.1, 1.7976931348623157e308], ['NULL', '']],
  [
    Number.MIN_SAFE_INTEGER,
    null,
    null,
    -0,
    'a\nb\t{,}',
    null,
    null,
    'null',
    [null],
    ['a,b', '{c}', '"d"', 'e\\f', '烽 ', 'null'],
  ],
  [-1, null, null, null, null, null, null, null, null, null],
];

/** What a query gives back for SAMPLES: jsonb comes parsed, the rest as it was written. */
function expectedRow(sample: readonly CopyValue[]): Record<string, unknown> {
  const entries = COPY_COLUMNS.map(([name, type], index): [string, unknown] => {
    const value = sample[index];
    return [name, type === 'jsonb' && typeof value === 'string' ? JSON.parse(value) : value];
  });
  return Object.fromEntries(entries);
}

/**
 * Registers the tests that any engine behind `Store` must pass; the same SQL, the same values, the same errors.
 */
export function testStoreConformance(engine: ConformanceEngine): void {
  describe(`store on ${engine.name}`, { timeout: 120_000 }, () => {
    let store: Store;
    before(async () => {
      store = await engine.open();
      await store.commit([sql(CREATE_SAMPLE), sql('CREATE TABLE entry (id int4 PRIMARY KEY, seen int8)')]);
    });
    after(async () => {
      await store.close();
    });
    valueTests(() => store);
    transactionTests(() => store);
    refusalTests(() => store);
    concurrencyTests(() => store);
    closingTests(engine);
  });
}

function valueTests(store: () => Store): void {
  test('values written by COPY come back as they were written', async () => {
    await store().commit([
      sql('DELETE FROM sample'),
      { kind: 'copy', table: 'sample', columns: COPY_COLUMNS, rows: SAMPLES },
    ]);
    const rows = await store().query('SELECT * FROM sample ORDER BY abs(id % 1000), id');
    const byId = new Map(rows.map((row) => [row['id'], row]));
    for (const sample of SAMPLES) assert.deepStrictEqual(byId.get(sample[0]), expectedRow(sample));
  });

  test('values written as parameters come back as they were written', async () => {
    await store().commit([sql('DELETE FROM sample')]);
    for (const sample of SAMPLES) {
      const text = 'INSERT INTO sample VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10) RETURNING *';
      const [rows] = await store().commit([sql(text, ...(sample as readonly SqlValue[]))]);
      assert.deepStrictEqual(rows, [expectedRow(sample)]);
    }
  });

  test('a Float64Array is copied as float8[], NaN included', async () => {
    const reals = Float64Array.of(1, Number.NaN, -2.5);
    await store().commit([
      sql('DELETE FROM sample'),
      {
        kind: 'copy',
        table: 'sample',
        columns: [
          ['id', 'int8'],
          ['reals', 'float8[]'],
        ],
        rows: [[1, reals]],
      },
    ]);
    assert.deepStrictEqual(await store().query('SELECT reals FROM sample'), [{ reals: [1, Number.NaN, -2.5] }]);
  });

  test('counts, sums and arrays of int8 are numbers', async () => {
    const rows = await store().query(
      `SELECT count(*) AS n, sum(g) AS total, array_agg(g::int8 ORDER BY g) AS list FROM generate_series(1, 3) g`,
    );
    assert.deepStrictEqual(rows, [{ n: 3, total: 6, list: [1, 2, 3] }]);
  });

  test('an int8 beyond 2^53 is refused, never rounded', async () => {
    assert.deepStrictEqual(await store().query('SELECT 9007199254740991::int8 AS x'), [{ x: 9007199254740991 }]);
    await assert.rejects(store().query('SELECT 9007199254740993::int8 AS x'), refusedWith('range', /9007199254740993/));
    assert.deepStrictEqual(await store().query('SELECT 1 AS x'), [{ x: 1 }]);
  });

  test('a date is its text and a timestamp the text of UTC, whatever the time zone of this machine', async () => {
    const rows = await store().query(
      `SELECT '2026-03-01'::date AS day, to_timestamp(0) AS instant, ARRAY['2026-03-01'::date] AS days,
         12.50::numeric AS exact`,
    );
    assert.deepStrictEqual(rows, [
      { day: '2026-03-01', instant: '1970-01-01 00:00:00+00', days: ['2026-03-01'], exact: '12.50' },
    ]);
  });

  test('json comes parsed and nested arrays come nested', async () => {
    const rows = await store().query(
      `SELECT '{"a": [1, "x"]}'::json AS j, ARRAY['{"b": 1}'::jsonb] AS list, ARRAY[[1, 2], [3, NULL]]::float8[] AS grid,
         ARRAY[true, NULL, false] AS flags, ARRAY['\\x00ff'::bytea] AS blobs`,
    );
    assert.deepStrictEqual(rows, [
      {
        j: { a: [1, 'x'] },
        list: [{ b: 1 }],
        grid: [
          [1, 2],
          [3, null],
        ],
        flags: [true, null, false],
        blobs: [Uint8Array.of(0, 255)],
      },
    ]);
  });

  test('array parameters serve ANY and unnest', async () => {
    const rows = await store().query('SELECT x FROM unnest($1::int8[]) x WHERE x = ANY($2::int8[]) ORDER BY x', [
      [3, 1, 2],
      [2, 3],
    ]);
    assert.deepStrictEqual(rows, [{ x: 2 }, { x: 3 }]);
  });

  test('text is sorted by code point', async () => {
    const rows = await store().query(`SELECT x FROM unnest(ARRAY['b', 'A', 'a', 'B', '_']) x ORDER BY x`);
    assert.deepStrictEqual(
      rows.map(({ x }) => x),
      ['A', 'B', '_', 'a', 'b'],
    );
  });
}

function transactionTests(store: () => Store): void {
  test('a commit returns the rows of each step, none for a copy', async () => {
    const results = await store().commit([
      sql('DELETE FROM entry'),
      { kind: 'copy', table: 'entry', columns: [['id', 'int4']], rows: [[1], [2]] },
      sql('UPDATE entry SET seen = 7 WHERE id = 2 RETURNING id, seen'),
    ]);
    assert.deepStrictEqual(results, [[], [], [{ id: 2, seen: 7 }]]);
  });

  test('a failing step leaves nothing of the steps before it', async () => {
    await store().commit([sql('DELETE FROM entry')]);
    await assert.rejects(
      store().commit([
        sql('INSERT INTO entry VALUES (1, 1)'),
        { kind: 'copy', table: 'entry', columns: [['id', 'int4']], rows: [[2], [3]] },
        sql('INSERT INTO absent VALUES (1)'),
      ]),
      (error: unknown) =>
        refusedWith('sql', /^step 2: INSERT INTO absent/)(error) && isStoreError(error) && error.sqlState === '42P01',
    );
    assert.deepStrictEqual(await store().query('SELECT count(*) AS n FROM entry'), [{ n: 0 }]);
  });

  test('a duplicate key is code unique, by insert and by copy, and the batch is gone', async () => {
    await store().commit([sql('DELETE FROM entry'), sql('INSERT INTO entry VALUES (1, 1)')]);
    await assert.rejects(
      store().commit([sql('INSERT INTO entry VALUES (1, 2)')]),
      refusedWith('unique', /\(id\)=\(1\)/),
    );
    await assert.rejects(
      store().commit([{ kind: 'copy', table: 'entry', columns: [['id', 'int4']], rows: [[5], [1]] }]),
      refusedWith('unique', /^step 0: COPY "entry"/),
    );
    assert.deepStrictEqual(await store().query('SELECT id, seen FROM entry'), [{ id: 1, seen: 1 }]);
  });

  test('a constraint that waits for COMMIT is refused there and leaves nothing', async () => {
    await store().commit([
      sql('CREATE TABLE parent (id int4 PRIMARY KEY)'),
      sql('CREATE TABLE child (id int4 REFERENCES parent DEFERRABLE INITIALLY DEFERRED)'),
    ]);
    await assert.rejects(store().commit([sql('INSERT INTO child VALUES (1)')]), refusedWith('constraint'));
    assert.deepStrictEqual(await store().query('SELECT count(*) AS n FROM child'), [{ n: 0 }]);
  });

  test('rows replayed through a temporary table are stored once', async () => {
    await store().commit([sql('DELETE FROM entry'), sql('INSERT INTO entry VALUES (1, 10)')]);
    const replay: readonly Step[] = [
      sql('CREATE TEMP TABLE fresh (LIKE entry) ON COMMIT DROP'),
      {
        kind: 'copy',
        table: 'fresh',
        columns: [
          ['id', 'int4'],
          ['seen', 'int8'],
        ],
        rows: [
          [1, 11],
          [2, 12],
        ],
      },
      sql('INSERT INTO entry SELECT * FROM fresh ON CONFLICT DO NOTHING RETURNING id'),
    ];
    assert.deepStrictEqual((await store().commit(replay))[2], [{ id: 2 }]);
    assert.deepStrictEqual((await store().commit(replay))[2], []);
  });
}

function refusalTests(store: () => Store): void {
  test('a statement error does not poison the statements after it', async () => {
    await assert.rejects(store().query('SELEC 1'), refusedWith('sql'));
    await assert.rejects(store().query('SELECT 1 / $1::int4', [0]), refusedWith('sql', /division by zero/));
    await assert.rejects(store().query('SELECT $1::int4', ['x']), refusedWith('sql'));
    assert.deepStrictEqual(await store().query('SELECT $1::int4 + 1 AS x', [41]), [{ x: 42 }]);
  });

  test('two statements in one string are refused', async () => {
    await assert.rejects(store().query('SELECT 1; SELECT 2'), refusedWith('sql', /multiple commands/));
  });

  test('a NUL character is refused before anything is sent, with its place', async () => {
    await assert.rejects(store().query('SELECT $1::text', ['a\0b']), refusedWith('input', /parameter \$1.*position 1/));
    await assert.rejects(store().query('SELECT $1::text[]', [['a', '\0']]), refusedWith('input', /parameter \$1/));
    await assert.rejects(
      store().commit([{ kind: 'copy', table: 'sample', columns: [['words', 'text']], rows: [['fine'], ['\0']] }]),
      refusedWith('input', /copy into sample, row 1, column words \(text\)/),
    );
    // JSON may hold it as an escape, which PostgreSQL refuses itself.
    await assert.rejects(store().query('SELECT $1::jsonb', ['"\\u0000"']), refusedWith('sql'));
  });

  test('a table name which is no plain identifier is refused', async () => {
    const copy: Step = { kind: 'copy', table: 'entry; DROP TABLE entry', columns: [['id', 'int4']], rows: [] };
    await assert.rejects(store().commit([copy]), refusedWith('input', /expected a name/));
  });

  test('a copy that does not fit its table is refused by the engine and leaves nothing', async () => {
    await store().commit([sql('DELETE FROM entry')]);
    await assert.rejects(
      store().commit([{ kind: 'copy', table: 'entry', columns: [['id', 'int8']], rows: [[1]] }]),
      refusedWith('sql', /binary/),
    );
    assert.deepStrictEqual(await store().query('SELECT count(*) AS n FROM entry'), [{ n: 0 }]);
  });
}

function concurrencyTests(store: () => Store): void {
  test('commits asked for in order, each after the other, are applied in that order', async () => {
    await store().commit([sql('DELETE FROM entry'), sql('INSERT INTO entry VALUES (0, 0)')]);
    for (let i = 1; i <= 20; i++) await store().commit([sql('UPDATE entry SET seen = seen * 2 + $1::int8', i % 2)]);
    let expected = 0;
    for (let i = 1; i <= 20; i++) expected = expected * 2 + (i % 2);
    assert.deepStrictEqual(await store().query('SELECT seen FROM entry'), [{ seen: expected }]);
  });

  test('queries during commits see whole transactions only', async () => {
    await store().commit([sql('DELETE FROM entry'), sql('INSERT INTO entry VALUES (1, 0), (2, 0)')]);
    const commits = Array.from({ length: 20 }, () =>
      store().commit([
        sql('UPDATE entry SET seen = seen + 1 WHERE id = 1'),
        sql('UPDATE entry SET seen = seen + 1 WHERE id = 2'),
      ]),
    );
    const sights = Array.from({ length: 20 }, () => store().query('SELECT seen FROM entry ORDER BY id'));
    for (const rows of await Promise.all(sights)) assert.equal(rows[0]?.['seen'], rows[1]?.['seen']);
    await Promise.all(commits);
    assert.deepStrictEqual(await store().query('SELECT DISTINCT seen FROM entry'), [{ seen: 20 }]);
  });

  test('a commit does not wait for queries which wait', async () => {
    const order: string[] = [];
    const slow = 'SELECT count(*) FROM generate_series(1, 300000)';
    const queries = Array.from({ length: 30 }, (_, i) =>
      store()
        .query(slow)
        .then(() => order.push(`query ${i}`)),
    );
    const commit = store()
      .commit([sql('UPDATE entry SET seen = 0')])
      .then(() => order.push('commit'));
    await Promise.all([...queries, commit]);
    assert.ok(order.indexOf('commit') < 20, `the commit came as number ${order.indexOf('commit')} of 31`);
  });
}

function closingTests(engine: ConformanceEngine): void {
  test('close waits for what was asked, and later calls are code closed', async () => {
    const store = await engine.open();
    const asked = store.commit([sql('CREATE TABLE late (id int4)')]);
    const closing = store.close();
    await asked;
    await closing;
    await assert.rejects(store.query('SELECT 1'), refusedWith('closed'));
    await assert.rejects(store.commit([sql('SELECT 1')]), refusedWith('closed'));
    await store.close();
  });
}
