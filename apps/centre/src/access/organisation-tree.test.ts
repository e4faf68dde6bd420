import assert from 'node:assert/strict';
import { test } from 'node:test';
import { venueClasses, type Organisation, type Venue } from '@fengsui/protocol';
import fc from 'fast-check';
import { StoredTree } from '../cluster/stored-tree.ts';
import { Registry } from '../registry/registry.ts';
import type { Row, Store } from '../store/store.ts';
import { Callers } from './callers.ts';

const organisation = (n: number, parent: number | undefined): Organisation => ({
  id: `O${n}`,
  name: `O${n}`,
  kind: 'venueOwner',
  demo: false,
  ...(parent !== undefined && { parentId: `O${parent}` }),
});
const venue = (n: number, owner: number): Venue => ({
  id: `V${n}`,
  name: `V${n}`,
  organisationId: `O${owner}`,
  class: venueClasses[0],
  origin: 'live',
});

const number = fc.integer({ min: 0, max: 5 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('organisation' as const), n: number, parent: fc.option(number, { nil: undefined }) }),
  fc.record({ kind: fc.constant('venue' as const), n: fc.integer({ min: 0, max: 8 }), owner: number }),
);

test('in whatever order owners and parents change, an account sees the venues below its organisation, cut to its list', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      number,
      fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 8 })), { nil: undefined }),
      async (steps, bound, list) => {
        const registry = new Registry();
        const callers = new Callers({ now: () => 0 }, false, registry);
        const parents = new Map<number, number | undefined>();
        const owners = new Map<number, number>();
        const listed = list?.map((n) => `V${n}`);
        const holder = { username: 'li', role: 'venueManager', venueIds: listed, organisationId: `O${bound}` } as const;
        for (const told of steps) {
          if (told.kind === 'organisation') {
            parents.set(told.n, told.parent);
            registry.apply({ kind: 'organisationPut', organisation: organisation(told.n, told.parent) });
          } else {
            owners.set(told.n, told.owner);
            registry.apply({ kind: 'venuePut', venue: venue(told.n, told.owner) });
          }
          // In plain words: go up from the owner, and stop where one was already.
          const isBelow = (from: number): boolean => {
            const path: (number | undefined)[] = [];
            for (let at: number | undefined = from; at !== undefined && !path.includes(at); at = parents.get(at))
              path.push(at);
            return path.includes(bound);
          };
          const expected = [...owners]
            .filter(([n, owner]) => isBelow(owner) && (list === undefined || list.includes(n)))
            .map(([n]) => `V${n}`);
          const { venues } = callers.callerOf(holder).scope;
          assert.notEqual(venues, 'all');
          assert.deepEqual([...venues].sort(), expected.sort());
        }
        const tree = new StoredTree();
        await tree.read(storeOf(parents, owners));
        assert.deepEqual([...tree.venuesBelow(`O${bound}`)].sort(), [...registry.venuesBelow(`O${bound}`)].sort());
      },
    ),
    { numRuns: 300 },
  );
});

function storeOf(parents: ReadonlyMap<number, number | undefined>, owners: ReadonlyMap<number, number>): Store {
  const rows: Readonly<Record<string, readonly Row[]>> = {
    organisation: [...parents].map(([n, parent]) => ({
      id: `O${n}`,
      parent: parent === undefined ? null : `O${parent}`,
    })),
    venue: [...owners].map(([n, owner]) => ({ id: `V${n}`, organisation_id: `O${owner}` })),
  };
  return {
    query: async (sql: string) => rows[sql.includes('from venue') ? 'venue' : 'organisation'] ?? [],
  } as unknown as Store;
}

test('who is bound to an organisation administers no accounts, and one that owns nothing opens nothing', () => {
  const callers = new Callers({ now: () => 0 }, false, new Registry());
  for (const role of ['securityAdmin', 'operator'] as const) {
    const caller = callers.callerOf({ username: 'li', role, venueIds: undefined, organisationId: 'O1' });
    assert.deepEqual(caller.scope.venues, []);
    assert.equal(caller.permissions.has('user.manage') || caller.permissions.has('audit.read'), false);
  }
});
