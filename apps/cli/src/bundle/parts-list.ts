import { productionOf, type Lock, type LockEntry } from './production-modules.ts';

export type PartsListOrder = {
  readonly lock: Lock;
  readonly version: string;
  readonly node: string;
};

/**
 * The parts of a bundle as CycloneDX 1.5: Node, every module that runs in the centre, and those that are in the scripts of
 * the console. From the lock file alone: nothing is asked of a network, and the same lock gives the same list, without
 * the instant and the random serial number that `npm sbom` puts in.
 */
export function partsList({ lock, version, node }: PartsListOrder): object {
  const centre = productionOf(lock).modules;
  const ofConsole = productionOf(lock, { only: ['apps/console'] }).modules;
  const places = [...new Set([...centre, ...ofConsole])].sort();
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': `fengsui@${version}`,
        name: 'fengsui',
        version,
        licenses: [{ license: { id: 'Apache-2.0' } }],
      },
    },
    components: [
      {
        type: 'platform',
        'bom-ref': `node@${node}`,
        name: 'node',
        version: node,
        purl: `pkg:generic/node@${node}`,
      },
      ...places.map((place) => partOf(place, lock.packages[place] ?? {})),
    ],
  };
}

function partOf(place: string, { version = '', integrity, license }: LockEntry): object {
  const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const [algorithm, digest] = /^(sha\d+)-(.+)$/.exec(integrity ?? '')?.slice(1) ?? [];
  return {
    type: 'library',
    // Of one name there may be several: a place is there once.
    'bom-ref': place,
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    ...(license !== undefined && { licenses: [licenceOf(license)] }),
    ...(algorithm !== undefined &&
      digest !== undefined && {
        hashes: [{ alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') }],
      }),
  };
}

const licenceOf = (words: string): object =>
  / (AND|OR|WITH) /.test(words) ? { expression: words } : { license: { id: words } };
