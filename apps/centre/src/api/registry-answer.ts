import { RegistryRefusal } from '../registry/registry-refusal.ts';
import { ApiError } from './problem.ts';

const statusOf: Readonly<Record<string, number>> = {
  unknownDevice: 404,
  unknownSource: 404,
  unknownRelay: 404,
  relayConflict: 409,
  unknownRule: 404,
  ruleNotTried: 409,
  ruleReviewNeeded: 409,
  ruleState: 409,
  ruleNotValid: 409,
  ruleTrialRunning: 409,
  sourceExists: 409,
  deviceExists: 409,
  venueExists: 409,
  gbAddressTaken: 409,
  lifeTransition: 409,
  endOfLineFailed: 409,
  deviceRevoked: 409,
  deviceRetired: 409,
  deviceInUse: 409,
  invalidModelVersion: 409,
};

/** The answer of the registry desk; what it refuses becomes a problem response. */
export async function orProblem<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RegistryRefusal) throw new ApiError(statusOf[error.code] ?? 422, error.code, error.message);
    throw error;
  }
}
