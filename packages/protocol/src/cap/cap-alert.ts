/**
 * Common Alerting Protocol 1.2 (OASIS Standard, 1 July 2010), the part that a centre sends: one `info` per language with
 * at most one `area`. Instants are epoch ms. Element names and order: section 3.2.
 */
export const capStatuses = ['Actual', 'Exercise', 'System', 'Test', 'Draft'] as const;
export const capMessageTypes = ['Alert', 'Update', 'Cancel', 'Ack', 'Error'] as const;
export const capCategories = [
  'Geo',
  'Met',
  'Safety',
  'Security',
  'Rescue',
  'Fire',
  'Health',
  'Env',
  'Transport',
] as const;
export const capUrgencies = ['Immediate', 'Expected', 'Future', 'Past', 'Unknown'] as const;
export const capSeverities = ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'] as const;
export const capCertainties = ['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown'] as const;

/** A message named by another: its `identifier`, `sender` and `sent`. */
export type CapReference = { readonly identifier: string; readonly sender: string; readonly sentAt: number };

export type CapArea = {
  /** Words: an address. */
  readonly description: string;
  /** WGS 84, with a radius: 0 = the point itself. */
  readonly circle?: { readonly latitude: number; readonly longitude: number; readonly radiusKm: number };
};

export type CapInfo = {
  /** RFC 3066: `zh-CN`, `en`. */
  readonly language: string;
  readonly category: (typeof capCategories)[number];
  readonly event: string;
  readonly urgency: (typeof capUrgencies)[number];
  readonly severity: (typeof capSeverities)[number];
  readonly certainty: (typeof capCertainties)[number];
  readonly onsetAt?: number;
  readonly senderName?: string;
  readonly headline?: string;
  readonly description?: string;
  readonly contact?: string;
  /** What the receiving side agreed on, in this order. */
  readonly parameters?: readonly (readonly [name: string, value: string])[];
  readonly area?: CapArea;
};

export type CapAlert = CapReference & {
  readonly status: (typeof capStatuses)[number];
  readonly messageType: (typeof capMessageTypes)[number];
  /** `Restricted`: to whom the rule in words applies; `Private`: to the addresses. */
  readonly scope: { readonly kind: 'Restricted'; readonly restriction: string } | CapPrivate;
  readonly references?: readonly CapReference[];
  /** Ids of incidents that several messages are about. */
  readonly incidents?: readonly string[];
  readonly infos: readonly CapInfo[];
};

type CapPrivate = { readonly kind: 'Private'; readonly addresses: readonly string[] };
