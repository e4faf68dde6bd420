import type { OrganisationTree } from '../access/organisation-tree.ts';
import type { Store } from '../store/store.ts';

/** Venues and their owners as a process has them that keeps no registry: as they were when it read them last. */
export class StoredTree implements OrganisationTree {
  #venues: readonly { readonly id: string; readonly owner: string }[] = [];
  #parents = new Map<string, string>();
  readonly #below = new Map<string, readonly string[]>();

  async read(store: Store): Promise<void> {
    const organisations = await store.query(`select id, doc->>'parentId' as parent from organisation`);
    const venues = await store.query('select id, organisation_id from venue order by id');
    this.#parents = new Map(
      organisations.flatMap(({ id, parent }) => (parent === null ? [] : [[id as string, parent as string]])),
    );
    this.#venues = venues.map((row) => ({ id: row['id'] as string, owner: row['organisation_id'] as string }));
    this.#below.clear();
  }

  venuesBelow(organisationId: string): readonly string[] {
    let found = this.#below.get(organisationId);
    if (found === undefined) {
      found = this.#venues.filter(({ owner }) => this.#isBelow(owner, organisationId)).map(({ id }) => id);
      this.#below.set(organisationId, found);
    }
    return found;
  }

  #isBelow(id: string, above: string): boolean {
    const seen = new Set<string>();
    for (let at: string | undefined = id; at !== undefined && !seen.has(at); at = this.#parents.get(at)) {
      if (at === above) return true;
      seen.add(at);
    }
    return false;
  }
}
