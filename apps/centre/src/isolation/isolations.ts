import { localActionKind, type Category, type ConditionKey, type SourceActive } from '@fengsui/alarm';
import type { IsolationKind } from '@fengsui/protocol';
import type { Registry } from '../registry/registry.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { IsolationTarget, KeptIsolation } from './kept-isolation.ts';
import { isLifeSafetyModel } from './life-safety.ts';

/** What a device did to the installation, and who may be speaking in its name: works in a zone are no reason not to see it. */
const NEVER: ReadonlySet<string> = new Set([localActionKind, 'clonedIdentity', 'addressClash', 'unauthorisedAccess']);
const MANUAL = 'manualAlarm';
/** A panel: its parts are points. */
const PANEL_FAMILY = 'fireSystem';

/** Which isolations do something to a statement. */
export type Cover = Readonly<Partial<Record<'hidden' | 'tested', KeptIsolation>>>;
const nobody: Cover = {};

/** Isolations that have not ended, asked for and active. */
export class Isolations {
  readonly #byVenue = new Map<string, Map<string, KeptIsolation>>();

  /** An ended one is in the store alone. */
  put(isolation: KeptIsolation): void {
    const { venueId } = isolation.place;
    const own = this.#byVenue.get(venueId) ?? new Map<string, KeptIsolation>();
    if (isolation.endedAt === undefined) own.set(isolation.id, isolation);
    else own.delete(isolation.id);
    // By id, as after a restart: which of two counts an alarm does not depend on what came before.
    if (own.size > 0) this.#byVenue.set(venueId, new Map([...own].sort(([a], [b]) => (a < b ? -1 : 1))));
    else this.#byVenue.delete(venueId);
  }

  get isEmpty(): boolean {
    return this.#byVenue.size === 0;
  }

  /** Asked for or active. */
  open(): KeptIsolation[] {
    return [...this.#byVenue.values()].flatMap((own) => [...own.values()]);
  }

  of(venueId: string, id: string): KeptIsolation | undefined {
    return this.#byVenue.get(venueId)?.get(id);
  }

  openCount(venueId: string): number {
    return this.#byVenue.get(venueId)?.size ?? 0;
  }

  /** What holds for a statement: by when it came, or, of one that came late, by when it was so. */
  cover(registry: Registry, key: ConditionKey, said: SourceActive): Cover {
    if (this.isEmpty) return nobody;
    const at = said.late === true ? said.at : said.receivedAt;
    return this.#find(registry, key, said.classification.category, ({ beganAt = Infinity, until }) => {
      return at >= beganAt && at < until;
    });
  }

  /** What holds for a condition that has an alarm of this category. */
  holding(registry: Registry, key: ConditionKey, category: Category): Cover {
    return this.isEmpty ? nobody : this.#find(registry, key, category, ({ beganAt }) => beganAt !== undefined);
  }

  /** The active one that a device is under; one that hides counts before one that marks. */
  ofDevice(registry: Registry, device: DeviceRecord): KeptIsolation | undefined {
    const found = [...(this.#byVenue.get(device.venueId)?.values() ?? [])].filter(
      (isolation) => isolation.beganAt !== undefined && mayCover(registry, isolation, device),
    );
    return found.find(({ kind }) => kind === 'isolated') ?? found[0];
  }

  #find(
    registry: Registry,
    key: ConditionKey,
    category: Category,
    isNow: (isolation: KeptIsolation) => boolean,
  ): Cover {
    const device = registry.device(key.deviceId);
    const own = device && this.#byVenue.get(device.venueId);
    if (device === undefined || own === undefined) return nobody;
    const by = (kind: IsolationKind): KeptIsolation | undefined =>
      [...own.values()].find(
        (isolation) =>
          isolation.kind === kind &&
          isNow(isolation) &&
          mayCover(registry, isolation, device) &&
          isAbout(registry, isolation, device, key, category),
      );
    const [hidden, tested] = [by('isolated'), by('onTest')];
    return { ...(hidden !== undefined && { hidden }), ...(tested !== undefined && { tested }) };
  }
}

/** What lives depend on needs the second person, also what was put there after it began. */
function mayCover(registry: Registry, { target, approvedBy }: KeptIsolation, device: DeviceRecord): boolean {
  if (!isWithin(registry, target, device)) return false;
  return approvedBy !== undefined || !isLifeSafetyModel(registry.model(device.model));
}

/** Whether the device stands in the target; both are of one venue. */
export function isWithin(registry: Registry, { areaId, deviceId }: IsolationTarget, device: DeviceRecord): boolean {
  if (deviceId !== undefined) return device.id === deviceId;
  if (areaId === undefined) return true;
  const passed = new Set<string>();
  for (let id = device.areaId; id !== undefined && !passed.has(id); id = registry.area(id)?.parentId) {
    if (id === areaId) return true;
    passed.add(id);
  }
  return false;
}

function isAbout(
  registry: Registry,
  { kind, target, categories, fireShownAt }: KeptIsolation,
  device: DeviceRecord,
  key: ConditionKey,
  category: Category,
): boolean {
  if (NEVER.has(key.kind) || (categories !== undefined && !categories.includes(category))) return false;
  if (kind === 'onTest') return true;
  if (category === 'fire' && fireShownAt !== undefined) return false;
  // A person presses it because he sees a fire: only who names the call point itself keeps it from the queue.
  if (key.kind !== MANUAL) return true;
  return target.deviceId !== undefined && (key.prefix === '' || registry.model(device.model)?.family !== PANEL_FAMILY);
}
