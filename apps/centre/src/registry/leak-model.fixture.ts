/** A sensor family that no code knows, as the data file of its model: a leak sensor in a shaft. */
export const leakModel = {
  id: 'acme-pit',
  version: 1,
  name: { zh: '井道水浸', en: 'Shaft leak sensor' },
  family: 'leak',
  families: { leak: { zh: '水浸', en: 'Leak' } },
  points: [
    {
      id: 'leak.levelMm',
      unit: 'mm',
      family: 'leak',
      label: { zh: '积水深度', en: 'water depth' },
      range: { min: 0, max: 200 },
    },
  ],
  events: [{ kind: 'leak', label: { zh: '井道漏水', en: 'shaft leak' } }],
  limits: [
    {
      id: 'high',
      kind: 'leak',
      level: 'alarm',
      point: 'leak.levelMm',
      direction: 'above',
      threshold: 20,
      deadband: 2,
      onDelayMs: 0,
      offDelayMs: 0,
      source: 'ours',
    },
  ],
  reportingIntervalMs: 60_000,
  gateway: false,
};
