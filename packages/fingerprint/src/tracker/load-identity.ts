/** The part of a `Recognition` that the tracker keeps. */
export type RecognisedLoad = {
  readonly families: readonly { readonly family: string; readonly probability: number }[];
  readonly types: readonly { readonly type: string; readonly probability: number }[];
  readonly device?: { readonly deviceId: string; readonly name: string; readonly score: number };
  readonly unknownScore: number;
  readonly named?: {
    readonly level: 'family' | 'type' | 'device';
    readonly name: string;
    readonly confidence: number;
  };
};

/** Who a tracked load is taken for, and how surely. */
export type LoadIdentity = {
  /** The deepest level a name was given at; `none` = unknown. */
  readonly level: 'device' | 'type' | 'family' | 'none';
  readonly name?: string;
  readonly nameConfidence: number;
  readonly family?: string;
  readonly familyConfidence: number;
  readonly type?: string;
  readonly typeConfidence: number;
  readonly deviceId?: string;
  readonly deviceName?: string;
  /** 0 … 1; 1 when nothing recognised it. */
  readonly unknownScore: number;
};

export const unknownIdentity: LoadIdentity = {
  level: 'none',
  nameConfidence: 0,
  familyConfidence: 0,
  typeConfidence: 0,
  unknownScore: 1,
};

export function identityOf(recognition: RecognisedLoad | undefined): LoadIdentity {
  if (recognition === undefined) return unknownIdentity;
  const { named, device, unknownScore } = recognition;
  const family = recognition.families[0];
  const type = recognition.types[0];
  return {
    level: named?.level ?? 'none',
    ...(named === undefined ? {} : { name: named.name }),
    nameConfidence: named?.confidence ?? 0,
    ...(family === undefined ? {} : { family: family.family }),
    familyConfidence: family?.probability ?? 0,
    ...(type === undefined ? {} : { type: type.type }),
    typeConfidence: type?.probability ?? 0,
    ...(device === undefined ? {} : { deviceId: device.deviceId, deviceName: device.name }),
    unknownScore,
  };
}

/** Of what on-event and off-event said of one load, the surer; a device goes before a type, a type before a family. */
export function surerIdentity(a: LoadIdentity, b: LoadIdentity): LoadIdentity {
  const depth = depthOf(b) - depthOf(a);
  if (depth !== 0) return depth > 0 ? b : a;
  return b.nameConfidence > a.nameConfidence ? b : a;
}

/** How much two identities contradict each other: 0 = not at all or unknown, 1 = both sure of different things. */
export function contradiction(a: LoadIdentity, b: LoadIdentity): number {
  if (a.deviceId !== undefined && b.deviceId !== undefined && a.level === 'device' && b.level === 'device') {
    return a.deviceId === b.deviceId ? 0 : Math.min(a.nameConfidence, b.nameConfidence);
  }
  if (a.family === undefined || b.family === undefined || a.family === b.family) return 0;
  return a.familyConfidence * b.familyConfidence;
}

function depthOf(identity: LoadIdentity): number {
  return ['none', 'family', 'type', 'device'].indexOf(identity.level);
}
