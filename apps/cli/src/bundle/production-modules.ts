/** Of package-lock.json, version 3: what is read here. */
export type LockEntry = {
  readonly version?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
};
export type Lock = { readonly packages: Readonly<Record<string, LockEntry>> };

/** Workspaces that are built, not shipped: the console's packages are in its bundle of scripts. */
const NOT_SHIPPED = ['apps/console'];

export type Production = {
  /** Folders of our own: `apps/cli`, `packages/alarm`. */
  readonly workspaces: readonly string[];
  /** Folders of others, as in the lock: `node_modules/x`, `node_modules/x/node_modules/y`. */
  readonly modules: readonly string[];
};

/**
 * What runs without development: all workspaces but the console, and what they need, found as Node finds it. Or `only`
 * those named, and what these need.
 *
 * @throws Error when a needed module is not in the lock, or is made for some platforms alone: nothing here knows which
 * of its files the other platform would need.
 */
export function productionOf(lock: Lock, { only }: { readonly only?: readonly string[] } = {}): Production {
  const names = Object.keys(lock.packages);
  const shipped = (name: string): boolean => /^(apps|packages)\/[^/]+$/.test(name) && !NOT_SHIPPED.includes(name);
  const workspaces = only ?? names.filter(shipped);
  const found = new Set(workspaces);
  const waiting = [...workspaces];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const { dependencies = {}, optionalDependencies = {} } = lock.packages[folder] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const place = resolve(lock, folder, name);
      if (place === undefined) {
        if (name in optionalDependencies) continue;
        throw new Error(`${folder} needs ${name}, which package-lock.json does not have`);
      }
      const { os, cpu } = lock.packages[place] ?? {};
      if (os !== undefined || cpu !== undefined)
        throw new Error(`${place} is made for ${String(os)} ${String(cpu)} alone`);
      if (found.has(place)) continue;
      found.add(place);
      waiting.push(place);
    }
  }
  return { workspaces, modules: [...found].filter((folder) => folder.includes('node_modules/')).sort() };
}

/** As Node looks for it: in the folder's own node_modules, then in each one above. */
function resolve(lock: Lock, from: string, name: string): string | undefined {
  const parts = from.split('/node_modules/');
  for (let depth = parts.length; depth >= 0; depth--) {
    const base = depth === 0 ? '' : `${parts.slice(0, depth).join('/node_modules/')}/`;
    const place = `${base}node_modules/${name}`;
    const entry = lock.packages[place];
    if (entry !== undefined) return entry.link === true ? entry.resolved : place;
  }
  return undefined;
}
