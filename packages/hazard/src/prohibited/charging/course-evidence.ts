/** Means of 20 s of a load's own size since its switch-on, and what disturbs them. */
export type CourseMeasured = {
  /** NaN where unknown. */
  readonly bins: ArrayLike<number>;
  /** Minutes since switch-on of the middle of the first bin. */
  readonly firstMin: number;
  readonly minutesPerBin: number;
  /** Scatter of a mean of 20 s of the circuit without the load, VA. */
  readonly calmVa: number;
  /** Drift of the circuit without the load, VA per minute, and its standard error; it is taken off. */
  readonly driftVaPerMin: number;
  readonly driftErrorVaPerMin: number;
  /** Bins at which something else seems to have shifted the level. */
  readonly shifts: readonly number[];
  /** What others may have added to the bins, VA: series of one standard deviation each, of any sign. */
  readonly others?: readonly ArrayLike<number>[];
  /** The bins are of power, which every load of the circuit moves, and not of harmonics. */
  readonly isPower?: boolean;
  /** From 0, where the load draws too much to fill a telephone's or a computer's battery, to 1; default 1. */
  readonly smallBatteryShare?: number;
  /** Chance that another load in its place would be one that follows a picture or a program; default a half. */
  readonly livelyShare?: number;
};

/** How likely a course is under what batteries do and under what other loads do; natural logarithms of densities. */
export type CourseEvidence = {
  readonly logOdds: number;
  /** Share of the constant-current stage in what speaks for a battery. */
  readonly constantCurrentShare: number;
};

type Course = (minutes: number) => number;
/** A course with its share, and by what multiples of other courses (normally distributed) it may differ. */
type Shape = {
  readonly weight: number;
  readonly at: Course;
  readonly bends?: readonly Course[];
  readonly isTail?: true;
  /** What fills up so is a small battery. */
  readonly isSmallBattery?: boolean;
};

const perMinute = (pct: number): Course => {
  return (minutes) => 1 + (pct / 100) * minutes;
};

/** Rises between those listed. */
const RISE_RATE = 0.25;
/** A tail is no exact exponential: its rate may be off by this part, and bend. */
const TAIL_RATE = 0.2;
const TAIL_BEND = 0.15;

/**
 * Batteries: constant current rises 5 … 12 % in half an hour … eight hours (0.01 … 0.4 %/min); plugged in nearly full, the
 * tail begins at once with a time constant of 12 … 90 min; an aged one holds its power.
 */
const BATTERY: readonly Shape[] = [
  ...([0.01, 0.02, 0.035, 0.06, 0.1, 0.16, 0.25, 0.4] as const).map((pct, k) => ({
    weight: 0.85 * ([0.12, 0.19, 0.22, 0.19, 0.13, 0.08, 0.04, 0.03][k] as number),
    at: perMinute(pct),
    bends: [(minutes: number) => (RISE_RATE * pct * minutes) / 100],
  })),
  { weight: 0.05, at: () => 1 },
  ...[12, 18, 27, 40, 60, 90].map((tau) => ({
    weight: 0.1 / 6,
    at: (minutes: number) => Math.exp(-minutes / tau),
    bends: [(minutes: number) => (TAIL_RATE * minutes) / tau, (minutes: number) => TAIL_BEND * (minutes / tau) ** 2],
    isTail: true as const,
  })),
];

/** How far lamps fall as they warm: the middle and the spread of small and of large falls. */
const LAMP_FALLS = [
  [0.03, 0.012],
  [0.07, 0.03],
] as const;

/** What holds still otherwise: lamps whose current falls by 1.5 … 13 % as they warm, motors that come up to speed, and what does not move at all. */
const LAMP: readonly Shape[] = [
  ...LAMP_FALLS.flatMap(([fall, spread]) =>
    [2, 3, 4.5, 6.5, 9, 12].map((tau) => ({
      weight: 0.8 / 12,
      at: (minutes: number) => 1 - fall * (1 - Math.exp(-minutes / tau)),
      bends: [(minutes: number) => spread * Math.exp(-minutes / tau)],
    })),
  ),
  { weight: 0.1, at: () => 1 },
  ...[0.15, 0.3].flatMap((fall) =>
    [0.6, 1.2, 2.4].map((tau) => ({
      weight: 0.05 / 6,
      at: (minutes: number) => 1 - fall * (1 - Math.exp(-minutes / tau)),
    })),
  ),
  // Telephones and computers whose own small batteries fill up, motors that warm.
  ...[-4, -2, -1, -0.5, 0.5, 1].map((pct) => ({
    weight: 0.05 / 6,
    at: (minutes: number) => Math.exp((pct * minutes) / 100),
    isSmallBattery: pct < 0,
  })),
];

/** A load's own scatter of means of 20 s, part of it: regulation of good and bad converters. */
const OWN_SCATTER = [0.0003, 0.0008, 0.002] as const;
/** Random walk of loads that follow a picture, a program or a person, part of themselves per square root of a minute. */
const WANDER = [0.004, 0.012, 0.04] as const;
/** Their shares: of such loads, and of circuits that move behind a battery. A battery's own power is not adjusted by tenths. */
const WANDER_OTHER = [0.35, 0.35, 0.3] as const;
const WANDER_BEHIND = [0.65, 0.3, 0.05] as const;
/** Behind the power of a corrected supply everything moves: whatever follows the voltage, motors, heaters. */
const WANDER_BEHIND_POWER = [0.5, 0.35, 0.15] as const;
const DISTURBED_POWER = 0.13;
/** Share of other loads that wander: of lively ones and of steady ones. */
const WANDERING = { lively: 0.65, steady: 0.15 } as const;
/** Chance that the circuit wanders behind a battery though it was calm before; more where it was not. */
const DISTURBED = 0.08;
const DISTURBED_RESTLESS = 0.25;
const RESTLESS_RATIO = 0.004;
/** Chance that something else shifted the level unseen, and by how much, part of the load. */
const SHIFTING = 0.05;
const SHIFT_RATIO = 0.05;
/** The level itself is not known: any is as likely. */
const LEVEL_RATIO = 1;
const LEAST_BINS = 6;

/**
 * Compares what a battery's power does with what other loads' does: the marginal likelihoods of the bins under families of
 * courses, the level, the circuit's drift, shifts and scatter integrated out as Gaussian nuisances (Bayesian model
 * comparison). A circuit that hides the course gives log-odds near 0 by itself.
 *
 * Undefined with fewer than six known bins.
 */
export function courseEvidence(measured: CourseMeasured): CourseEvidence | undefined {
  const { bins, firstMin, minutesPerBin, calmVa, driftVaPerMin, driftErrorVaPerMin } = measured;
  const times: number[] = [];
  const values: number[] = [];
  const kept: number[] = [];
  for (let k = 0; k < bins.length; k++) {
    const value = bins[k] as number;
    if (Number.isNaN(value)) continue;
    const minutes = firstMin + k * minutesPerBin;
    times.push(minutes);
    kept.push(k);
    values.push(value - driftVaPerMin * minutes);
  }
  if (values.length < LEAST_BINS) return undefined;
  const level = Math.max(1, values.reduce((sum, value) => sum + value, 0) / values.length);
  const relative = values.map((value) => value / level);
  const { isPower = false } = measured;
  const calmly = isPower ? DISTURBED_POWER : DISTURBED;
  const disturbed = calmVa / level > RESTLESS_RATIO ? DISTURBED_RESTLESS : calmly;
  const behind = isPower ? WANDER_BEHIND_POWER : WANDER_BEHIND;
  const lively = measured.livelyShare ?? 0.5;
  const wandering = WANDERING.lively * lively + WANDERING.steady * (1 - lively);
  const others = (measured.others ?? []).map((series) => kept.map((k) => (series[k] as number) / level));
  const common = commonCovariance(times, driftErrorVaPerMin / level, others);
  const battery: number[] = [];
  const tail: number[] = [];
  const other: number[] = [];
  const shiftSets = measured.shifts.length === 0 ? [[]] : [[], measured.shifts];
  for (const shifts of shiftSets) {
    const shiftLog = shifts.length === 0 ? 0 : shifts.length * Math.log(SHIFTING);
    const nuisance = {
      times,
      common,
      steps: shifts.map((at) => kept.map((k) => Math.sign(k - at) / 2)),
    };
    for (const own of OWN_SCATTER) {
      const scatter = Math.hypot(calmVa / level, own);
      const whiten = whitening({ ...nuisance, scatter, wander: 0 });
      const log = shiftLog - Math.log(OWN_SCATTER.length);
      const likelihood = (shape: Shape): number => {
        const { weight, bends } = shape;
        const bent = bends?.map((bend) => times.map(bend));
        const noise = bent === undefined ? whiten : whitening({ ...nuisance, scatter, wander: 0, bends: bent });
        return log + Math.log(weight) + density(noise, relative, times, shape);
      };
      const still = Math.log(1 - disturbed);
      for (const shape of BATTERY) (shape.isTail === true ? tail : battery).push(still + likelihood(shape));
      const calm = Math.log(1 - wandering);
      for (const shape of LAMP) {
        const share = shape.isSmallBattery === true ? (measured.smallBatteryShare ?? 1) : 1;
        if (share > 0) other.push(calm + Math.log(share) + likelihood(shape));
      }
    }
    for (const [index, wander] of WANDER.entries()) {
      const whiten = whitening({ ...nuisance, scatter: Math.hypot(calmVa / level, 0.0008), wander });
      const flat = shiftLog + density(whiten, relative, times, FLAT);
      other.push(Math.log(wandering * (WANDER_OTHER[index] as number)) + flat);
      battery.push(Math.log(disturbed * (behind[index] as number)) + flat);
    }
  }
  const constantCurrent = logSum(battery);
  const all = logSum([constantCurrent, logSum(tail)]);
  return { logOdds: all - logSum(other), constantCurrentShare: Math.exp(constantCurrent - all) };
}

const FLAT: Shape = { weight: 1, at: () => 1 };

type Whitening = { readonly lower: readonly Float64Array[]; readonly logDet: number };

/** Lower half of the covariance from the level, the circuit's drift and other loads. */
function commonCovariance(
  times: readonly number[],
  drift: number,
  others: readonly (readonly number[])[],
): readonly Float64Array[] {
  return times.map((t, row) =>
    Float64Array.from(times.slice(0, row + 1), (u, col) => {
      let sum = LEVEL_RATIO ** 2 + drift * drift * t * u;
      for (const series of others) sum += (series[row] as number) * (series[col] as number);
      return sum;
    }),
  );
}

/** Cholesky factor of the covariance of the relative bins. */
function whitening(noise: {
  readonly times: readonly number[];
  /** What is the same under all hypotheses. */
  readonly common: readonly Float64Array[];
  readonly scatter: number;
  readonly wander: number;
  readonly steps: readonly (readonly number[])[];
  readonly bends?: readonly (readonly number[])[];
}): Whitening {
  const { times, common, scatter, wander, steps, bends = [] } = noise;
  const lower = times.map(() => new Float64Array(times.length));
  let logDet = 0;
  for (let row = 0; row < times.length; row++) {
    const own = lower[row] as Float64Array;
    const t = times[row] as number;
    for (let col = 0; col <= row; col++) {
      const u = times[col] as number;
      let sum = ((common[row] as Float64Array)[col] as number) + wander * wander * Math.min(t, u);
      for (const step of steps) sum += SHIFT_RATIO ** 2 * (step[row] as number) * (step[col] as number);
      for (const bend of bends) sum += (bend[row] as number) * (bend[col] as number);
      if (row === col) sum += scatter * scatter;
      const before = lower[col] as Float64Array;
      for (let k = 0; k < col; k++) sum -= (own[k] as number) * (before[k] as number);
      own[col] = row === col ? Math.sqrt(Math.max(sum, 1e-16)) : sum / (before[col] as number);
    }
    logDet += Math.log(own[row] as number);
  }
  return { lower, logDet };
}

/** Logarithm of the Gaussian density of the values around a shape of the same mean, up to a constant. */
function density(
  { lower, logDet }: Whitening,
  values: readonly number[],
  times: readonly number[],
  { at }: Shape,
): number {
  let mean = 0;
  for (const minutes of times) mean += at(minutes) / times.length;
  const whitened = new Float64Array(values.length);
  let squares = 0;
  for (let row = 0; row < values.length; row++) {
    const own = lower[row] as Float64Array;
    let rest = (values[row] as number) - at(times[row] as number) / mean;
    for (let k = 0; k < row; k++) rest -= (own[k] as number) * (whitened[k] as number);
    rest /= own[row] as number;
    whitened[row] = rest;
    squares += rest * rest;
  }
  return -0.5 * squares - logDet;
}

function logSum(logs: readonly number[]): number {
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
}
