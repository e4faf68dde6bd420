/** The body of a model file as fingerprint.md describes it, as far as types, families and the unknown score need it. */
export type ModelFileBody = {
  readonly features: readonly string[];
  readonly types: readonly { readonly name: string; readonly family: string }[];
  readonly forest: string;
  readonly discriminantWeight: number;
  readonly typeTemperature: number;
  readonly familyTemperature: number;
  readonly typeCurve: Curve;
  readonly familyCurve: Curve;
  readonly spaceFeatures: readonly string[];
  readonly typeSpace: {
    readonly scale: { readonly middle: readonly number[]; readonly spread: readonly number[] };
    readonly whitening: readonly number[];
    readonly means: readonly number[];
    readonly logPriors: readonly number[];
  };
  readonly typeReach: readonly number[];
  readonly policy: Readonly<Record<'leastTypeConfidence' | 'leastFamilyConfidence' | 'mostUnknown', number>>;
};

type Curve = { readonly x: readonly number[]; readonly y: readonly number[] };

export type DirectRecognition = {
  readonly types: ReadonlyMap<string, number>;
  readonly families: ReadonlyMap<string, number>;
  readonly unknownScore: number;
  readonly named?: string;
};

/** Recognition without devices, written out from the page, without the package's own code. */
export function directRecognition(
  body: ModelFileBody,
  features: readonly number[],
  noiseRatio: number,
): DirectRecognition {
  const forest = forestShares(Buffer.from(body.forest, 'base64'), features);
  const row = body.spaceFeatures.map((name) => features[body.features.indexOf(name)] as number);
  const distances = body.types.map((_, type) => distanceOf(body, row, type));
  const linear = normed(distances.map((d, type) => Math.exp(Number(body.typeSpace.logPriors[type]) - d ** 2 / 2)));
  const w = body.discriminantWeight;
  const blended = normed(
    forest.map((q, type) => Math.max(q, 1e-3) ** (1 - w) * Math.max(Number(linear[type]), 1e-3) ** w),
  );
  const names = [...new Set(body.types.map(({ family }) => family))];
  const sums = names.map((family) =>
    body.types.reduce((sum, type, index) => sum + (type.family === family ? Number(blended[index]) : 0), 0),
  );
  const types = tempered(blended, body.typeTemperature);
  const families = tempered(sums, body.familyTemperature);
  const unknownScore = unknownOf(body, distances, families, noiseRatio);
  const named = nameOf(body, types, families, names, unknownScore);
  return {
    types: new Map(body.types.map(({ name }, index) => [name, Number(types[index])])),
    families: new Map(names.map((name, index) => [name, Number(families[index])])),
    unknownScore,
    ...(named !== undefined && { named }),
  };
}

function forestShares(bytes: Buffer, features: readonly number[]): number[] {
  if (bytes.toString('latin1', 0, 4) !== 'FTE1' || bytes[4] !== 0) throw new Error('no forest of kind 0');
  const classes = bytes.readUInt8(5);
  const trees = bytes.readUInt32LE(8);
  const nodes = bytes.readUInt32LE(12);
  // Where each node begins: nodes differ in length.
  const starts: number[] = [];
  let place = 24 + 4 * classes;
  for (let node = 0; node < nodes; node++) {
    starts.push(place);
    place += bytes[place] === 255 ? 2 + 2 * bytes.readUInt8(place + 1) : 7;
  }
  const shares = new Array<number>(classes).fill(0);
  let root = 0;
  for (let tree = 0; tree < trees; tree++) {
    let node = root;
    for (;;) {
      const start = starts[node] as number;
      const column = bytes.readUInt8(start);
      if (column === 255) {
        for (let k = 0; k < bytes.readUInt8(start + 1); k++) {
          const type = bytes.readUInt8(start + 2 + 2 * k);
          shares[type] = Number(shares[type]) + bytes.readUInt8(start + 3 + 2 * k) / 255 / trees;
        }
        break;
      }
      const isLeft = Number(features[column]) <= bytes.readFloatLE(start + 1);
      node += isLeft ? 1 : bytes.readUInt16LE(start + 5);
    }
    // The next tree begins where every inner node of this one has both children.
    for (let open = 1; open > 0; root++) open += bytes[starts[root] as number] === 255 ? -1 : 1;
  }
  return shares;
}

function distanceOf({ typeSpace }: ModelFileBody, row: readonly number[], type: number): number {
  const { scale, whitening, means } = typeSpace;
  const d = row.length;
  const scaled = row.map((value, c) => (value - Number(scale.middle[c])) / Number(scale.spread[c]));
  return Math.hypot(
    ...row.map((_, r) => {
      const white = scaled.slice(0, r + 1).reduce((sum, value, c) => sum + Number(whitening[r * d + c]) * value, 0);
      return white - Number(means[type * d + r]);
    }),
  );
}

function unknownOf(
  { typeSpace, typeReach }: ModelFileBody,
  distances: readonly number[],
  families: readonly number[],
  noiseRatio: number,
): number {
  const d = typeSpace.scale.spread.length;
  let gain = 0;
  for (let r = 0; r < d; r++) {
    for (let c = 0; c <= r; c++)
      gain += (Number(typeSpace.whitening[r * d + c]) / Number(typeSpace.scale.spread[c])) ** 2;
  }
  const n2 = (noiseRatio ** 2 * gain) / 30;
  const nearest = Math.min(...distances.map((distance, t) => distance / Math.sqrt(Number(typeReach[t]) ** 2 + n2)));
  const far = nearest ** 4 / (1 + nearest ** 4);
  return 1 - (1 - far) * (1 - (1 - Math.max(...families)) / 2);
}

function nameOf(
  body: ModelFileBody,
  types: readonly number[],
  families: readonly number[],
  names: readonly string[],
  unknownScore: number,
): string | undefined {
  const { policy, typeCurve, familyCurve } = body;
  if (unknownScore > policy.mostUnknown) return undefined;
  const [type, family] = [Math.max(...types), Math.max(...families)];
  if (onCurve(typeCurve, type) >= policy.leastTypeConfidence) return body.types[types.indexOf(type)]?.name;
  return onCurve(familyCurve, family) >= policy.leastFamilyConfidence ? names[families.indexOf(family)] : undefined;
}

function onCurve({ x, y }: Curve, score: number): number {
  if (score <= Number(x[0])) return Number(y[0]);
  for (let k = 1; k < x.length; k++) {
    const [x0, x1, y0, y1] = [x[k - 1], x[k], y[k - 1], y[k]].map(Number) as [number, number, number, number];
    if (score <= x1) return x1 === x0 ? y1 : y0 + ((score - x0) / (x1 - x0)) * (y1 - y0);
  }
  return Number(y.at(-1));
}

function tempered(shares: readonly number[], temperature: number): number[] {
  return normed(shares.map((share) => Math.max(share, 1e-6) ** (1 / temperature)));
}

function normed(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}
