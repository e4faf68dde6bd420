/** A step that this circuit showed before, and what became of it; plain JSON. */
export type ChargingHabit = {
  activePowerW: number;
  distortionVa: number;
  rejected: number;
  proved: number;
  lastAt: number;
};

/** Habits kept; the one not seen for longest goes. */
const MOST = 24;
/** Steps of one load lie this near, VA or part of the step. */
const NEAR_VA = 5;
const NEAR_RATIO = 0.05;
/** Log-odds per course that was not a charger's, and their bound: a new charger of the same step must still get through in the end. */
const PER_REJECTION = -3;
const LEAST = -6;
/** Log-odds per charge that was proved by its course of hours, and how many count. */
const PER_PROOF = 1;
const MOST_PROOFS = 2;

export function habitOf(
  habits: readonly ChargingHabit[],
  activePowerW: number,
  distortionVa: number,
): ChargingHabit | undefined {
  return habits.find((habit) => isNear(habit.activePowerW, activePowerW) && isNear(habit.distortionVa, distortionVa));
}

export function habitLogOdds(habit: ChargingHabit | undefined): number {
  if (habit === undefined) return 0;
  return Math.max(LEAST, PER_REJECTION * habit.rejected) + PER_PROOF * Math.min(MOST_PROOFS, habit.proved);
}

/** Remembers what a step turned out to be; a rejection may count for a part. */
export function remember(
  habits: ChargingHabit[],
  step: { readonly activePowerW: number; readonly distortionVa: number },
  wasProved: boolean,
  at: number,
  weight = 1,
): void {
  let habit = habitOf(habits, step.activePowerW, step.distortionVa);
  if (habit === undefined) {
    habit = { ...step, rejected: 0, proved: 0, lastAt: at };
    habits.push(habit);
    if (habits.length > MOST) {
      const oldest = habits.reduce((a, b) => (b.lastAt < a.lastAt ? b : a));
      habits.splice(habits.indexOf(oldest), 1);
    }
  }
  habit.lastAt = at;
  if (wasProved) habit.proved++;
  else habit.rejected += weight;
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.max(NEAR_VA, NEAR_RATIO * Math.abs(a));
}
