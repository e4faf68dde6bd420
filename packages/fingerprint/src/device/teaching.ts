import { FINGERPRINT_SCHEMA_VERSION } from '../current-fingerprint.ts';
import type { CurrentFingerprint } from '../current-fingerprint.ts';
import { featureVector } from '../feature-vector.ts';
import type { LoadFamily } from '../load-family.ts';
import type { EnrolledDevice, EnrolledDevices, FeatureRow, TeachingAct } from './enrolled-devices.ts';

/** Switchings kept per device; the oldest go first. */
const MOST_TEMPLATES = 20;
const MOST_REJECTED = 20;
const MOST_DEVICES = 200;
/** Acts that can be undone; older ones become the base. */
const MOST_HISTORY = 200;
const LONGEST_NAME = 100;

/** What a person says, with the fingerprint it is about. */
export type Teaching = { readonly at: number; readonly by?: string } & (
  | {
      readonly kind: 'confirm';
      readonly deviceId: string;
      readonly name: string;
      readonly type?: string;
      readonly family?: LoadFamily;
      readonly fingerprint: CurrentFingerprint;
    }
  | { readonly kind: 'rename'; readonly deviceId: string; readonly name: string }
  | { readonly kind: 'reject'; readonly deviceId: string; readonly fingerprint: CurrentFingerprint }
  | { readonly kind: 'forget'; readonly deviceId: string }
  | { readonly kind: 'rollBack'; readonly toVersion: number }
);

/** No device yet: version 0. */
export function emptyEnrolment(): EnrolledDevices {
  return {
    schemaVersion: FINGERPRINT_SCHEMA_VERSION,
    version: 0,
    devices: [],
    base: { version: 0, devices: [] },
    history: [],
  };
}

/**
 * The enrolment after one more act, one version up; the given one is unchanged. Same acts, same result.
 *
 * `confirm` enrols the device or adds a switching to it (and lifts an earlier rejection of the same switching);
 * `reject` says that a switching is not this device; `rollBack` makes the devices what they were at an earlier version.
 * Throws RangeError naming the value when an act does not fit: an unknown device, an empty name, a version that is not
 * in the history, a fingerprint of another schema version, or more than 200 devices.
 */
export function teach(enrolled: EnrolledDevices, teaching: Teaching): EnrolledDevices {
  if (enrolled.schemaVersion !== FINGERPRINT_SCHEMA_VERSION) {
    throw new RangeError(
      `teach: the enrolment has schema version ${enrolled.schemaVersion}; expected ${FINGERPRINT_SCHEMA_VERSION}: ` +
        'its templates cannot be compared with new fingerprints; enrol anew',
    );
  }
  if (!Number.isFinite(teaching.at)) throw new RangeError(`teach: at is ${teaching.at}; expected epoch milliseconds`);
  const act = toAct(teaching);
  const devices = applied(enrolled, act);
  const version = enrolled.version + 1;
  const record = { version, at: teaching.at, ...(teaching.by === undefined ? {} : { by: teaching.by }), act };
  return { ...enrolled, version, devices, ...shortened(enrolled, [...enrolled.history, record]) };
}

/** Versions that `rollBack` can return to, oldest first. */
export function knownVersions(enrolled: EnrolledDevices): number[] {
  return [enrolled.base.version, ...enrolled.history.map(({ version }) => version)];
}

function toAct(teaching: Teaching): TeachingAct {
  switch (teaching.kind) {
    case 'confirm': {
      const { kind, deviceId, name, type, family, fingerprint } = teaching;
      checkName('deviceId', deviceId);
      checkName('name', name);
      const labels = { ...(type === undefined ? {} : { type }), ...(family === undefined ? {} : { family }) };
      return { kind, deviceId, name, ...labels, vector: rowOf(fingerprint) };
    }
    case 'rename': {
      checkName('name', teaching.name);
      return { kind: 'rename', deviceId: teaching.deviceId, name: teaching.name };
    }
    case 'reject':
      return { kind: 'reject', deviceId: teaching.deviceId, vector: rowOf(teaching.fingerprint) };
    case 'forget':
      return { kind: 'forget', deviceId: teaching.deviceId };
    case 'rollBack':
      return { kind: 'rollBack', toVersion: teaching.toVersion };
  }
}

function applied(enrolled: EnrolledDevices, act: TeachingAct): readonly EnrolledDevice[] {
  if (act.kind === 'rollBack') return devicesAt(enrolled, act.toVersion);
  return next(enrolled.devices, act);
}

function devicesAt(enrolled: EnrolledDevices, version: number): readonly EnrolledDevice[] {
  if (version === enrolled.version) return enrolled.devices;
  const known = knownVersions(enrolled);
  if (!known.includes(version)) {
    throw new RangeError(`teach: version ${version} is not kept; expected one of ${known[0]} to ${enrolled.version}`);
  }
  let devices = enrolled.base.devices;
  const past: (readonly EnrolledDevice[])[] = [devices];
  for (const { version: made, act } of enrolled.history) {
    if (made > version) break;
    devices = act.kind === 'rollBack' ? (past[known.indexOf(act.toVersion)] ?? devices) : next(devices, act);
    past.push(devices);
  }
  return devices;
}

function next(
  devices: readonly EnrolledDevice[],
  act: Exclude<TeachingAct, { kind: 'rollBack' }>,
): readonly EnrolledDevice[] {
  const known = devices.find(({ deviceId }) => deviceId === act.deviceId);
  if (act.kind === 'confirm') {
    if (known === undefined && devices.length >= MOST_DEVICES) {
      throw new RangeError(
        `teach: ${devices.length} devices are enrolled on this circuit; expected at most ${MOST_DEVICES}`,
      );
    }
    const confirmed = withTemplate(known, act);
    return known === undefined ? [...devices, confirmed] : replaced(devices, confirmed);
  }
  if (known === undefined) {
    throw new RangeError(
      `teach: no device ${JSON.stringify(act.deviceId)} is enrolled; expected one that is, to ${act.kind}`,
    );
  }
  switch (act.kind) {
    case 'rename':
      return replaced(devices, { ...known, name: act.name });
    case 'reject': {
      // A switching cannot be both: the newer word holds.
      const templates = known.templates.filter((row) => !isSame(row, act.vector));
      const rejected = [...known.rejected, act.vector].slice(-MOST_REJECTED);
      return replaced(devices, { ...known, templates, rejected });
    }
    case 'forget':
      return devices.filter(({ deviceId }) => deviceId !== act.deviceId);
  }
}

function withTemplate(
  known: EnrolledDevice | undefined,
  act: Extract<TeachingAct, { kind: 'confirm' }>,
): EnrolledDevice {
  const type = act.type ?? known?.type;
  const family = act.family ?? known?.family;
  return {
    deviceId: act.deviceId,
    name: act.name,
    ...(type === undefined ? {} : { type }),
    ...(family === undefined ? {} : { family }),
    templates: [...(known?.templates ?? []), act.vector].slice(-MOST_TEMPLATES),
    rejected: (known?.rejected ?? []).filter((row) => !isSame(row, act.vector)),
  };
}

function replaced(devices: readonly EnrolledDevice[], device: EnrolledDevice): EnrolledDevice[] {
  return devices.map((one) => (one.deviceId === device.deviceId ? device : one));
}

/** Keeps the newest acts; what leaves the history goes into the base. */
function shortened(
  enrolled: EnrolledDevices,
  history: EnrolledDevices['history'],
): Pick<EnrolledDevices, 'base' | 'history'> {
  if (history.length <= MOST_HISTORY) return { base: enrolled.base, history };
  const kept = history.slice(-MOST_HISTORY);
  const version = (kept[0]?.version ?? 1) - 1;
  const base = { version, devices: devicesAt(enrolled, version) };
  // A roll-back to a version that is no longer kept cannot be replayed: it becomes the base itself.
  const lost = kept.findLastIndex(({ act }) => act.kind === 'rollBack' && act.toVersion < version);
  const from = kept[lost];
  if (from === undefined) return { base, history: kept };
  return {
    base: { version: from.version, devices: devicesAt({ ...enrolled, history }, from.version) },
    history: kept.slice(lost + 1),
  };
}

function rowOf(fingerprint: CurrentFingerprint): FeatureRow {
  // A fingerprint may come from a file or from the centre: wider than its type says.
  const version: number = fingerprint.schemaVersion;
  if (version !== FINGERPRINT_SCHEMA_VERSION) {
    throw new RangeError(
      `teach: the fingerprint has schema version ${version}; expected ${FINGERPRINT_SCHEMA_VERSION}`,
    );
  }
  return Array.from(featureVector(fingerprint), (value) => (Number.isNaN(value) ? null : Number(value.toPrecision(6))));
}

function isSame(a: FeatureRow, b: FeatureRow): boolean {
  return a.length === b.length && a.every((value, place) => value === b[place]);
}

function checkName(field: string, text: string): void {
  if (text.trim() === '' || text.length > LONGEST_NAME) {
    throw new RangeError(`teach: ${field} is ${JSON.stringify(text)}; expected 1 to ${LONGEST_NAME} characters`);
  }
}
