import { cancels, dot, length } from './edges.ts';
import type { SwitchEvent } from './switch-event.ts';

/** A load that pulses. */
export type Pulse = {
  /** Features of its upper level minus those of its lower one. */
  readonly step: Float64Array;
  /** Edges seen; from the third on the load is known to pulse. */
  edgeCount: number;
  lastEdgeCycle: number;
  isHigh: boolean;
  /** Longest time between two edges, cycles. */
  longestDwell: number;
  /** Whether the circuit was quiet long enough before the first edge for that edge to be its beginning. */
  readonly beganQuiet: boolean;
  /** Whether the first edge came with the start of the stream: then it ran before. */
  readonly ranBefore: boolean;
  isToldOn: boolean;
  /** What to tell when the newest fall turns out to be the last one. */
  lastFall?: SwitchEvent;
};

/** One edge, as far as the book is concerned. */
export type PulseEdge = { readonly cycle: number; readonly step: Float64Array };

/** Remembers pulsing loads for longer than cycles are held. */
export type PulseBook = {
  /** Steps of the loads that are known to pulse. */
  steps(): readonly Float64Array[];
  /** Takes an edge that another one takes back, and returns its load. */
  take(edge: PulseEdge): Pulse;
  /** Remembers a switch that was told: the third of three that undo each other makes a pulsing load. */
  told(kind: 'on' | 'off', edge: PulseEdge): void;
  /** Removes and returns the loads that have stopped pulsing. */
  stopped(cycle: number): readonly Pulse[];
  clear(cycle: number): void;
};

/** Edges from which on a load is known to pulse: on, off, on. */
export const KNOWN_EDGES = 3;
/**
 * What is switched on and off again within this many cycles (2.5 s at 50 Hz) pulses, as hobs do every few hundred
 * milliseconds to two seconds. Slower switching (a thermostat, a microwave at half power: 6 s and more) is told each time.
 */
const LONGEST_PERIOD = 125;
/** Loads remembered; the one idle longest makes room. */
const MOST_PULSES = 4;

/** Creates an empty book. */
export function createPulseBook(): PulseBook {
  let pulses: Pulse[] = [];
  let toldEdges: (PulseEdge & { kind: 'on' | 'off' })[] = [];
  let streamStart = 0;
  let lastAnyEdge = -Infinity;

  const find = (step: Float64Array): Pulse | undefined =>
    pulses.find((pulse) => cancels(pulse.step, step, 1) || cancels(pulse.step, step, -1));

  return {
    steps: () => pulses.filter((pulse) => pulse.edgeCount >= KNOWN_EDGES).map((pulse) => pulse.step),
    take({ cycle, step }) {
      const isRise = isUp(step);
      let pulse = find(step);
      if (pulse === undefined) {
        const quiet = cycle - Math.max(streamStart, lastAnyEdge);
        const lastTold = toldEdges.findLast((edge) => cancels(edge.step, step, 1) || cancels(edge.step, step, -1));
        pulse = {
          step: isRise ? step.slice() : step.map((value) => -value),
          edgeCount: 0,
          lastEdgeCycle: cycle,
          isHigh: isRise,
          longestDwell: 0,
          beganQuiet: isRise && quiet >= LEAST_QUIET_CYCLES,
          ranBefore: cycle - streamStart < LEAST_QUIET_CYCLES,
          isToldOn: lastTold?.kind === 'on' && cycle - lastTold.cycle < LONGEST_PERIOD,
        };
        pulses.push(pulse);
        if (pulses.length > MOST_PULSES)
          pulses = pulses.toSorted((a, b) => b.lastEdgeCycle - a.lastEdgeCycle).slice(0, MOST_PULSES);
      }
      pulse.longestDwell = Math.max(pulse.longestDwell, cycle - pulse.lastEdgeCycle);
      pulse.lastEdgeCycle = cycle;
      pulse.isHigh = isRise;
      pulse.edgeCount++;
      lastAnyEdge = cycle;
      return pulse;
    },
    told(kind, edge) {
      lastAnyEdge = edge.cycle;
      const [first, second] = toldEdges.slice(-2);
      toldEdges = [...toldEdges.slice(-3), { kind, cycle: edge.cycle, step: edge.step.slice() }];
      if (first === undefined || second === undefined || find(edge.step) !== undefined) return;
      const undoes = cancels(first.step, second.step, 1) && cancels(second.step, edge.step, 1);
      if (!undoes || edge.cycle - first.cycle > LONGEST_PERIOD) return;
      pulses.push({
        step: isUp(edge.step) ? edge.step.slice() : edge.step.map((value) => -value),
        edgeCount: KNOWN_EDGES,
        lastEdgeCycle: edge.cycle,
        isHigh: isUp(edge.step),
        longestDwell: Math.max(edge.cycle - second.cycle, second.cycle - first.cycle),
        beganQuiet: false,
        ranBefore: false,
        isToldOn: kind === 'on',
      });
    },
    stopped(cycle) {
      const over = pulses.filter((pulse) => cycle - pulse.lastEdgeCycle > patience(pulse));
      if (over.length > 0) pulses = pulses.filter((pulse) => !over.includes(pulse));
      return over;
    },
    clear(cycle) {
      pulses = [];
      toldEdges = [];
      streamStart = cycle;
      lastAnyEdge = -Infinity;
    },
  };
}

/** Quiet cycles before a first edge that make it a beginning: longer than the pulses that one second shows. */
const LEAST_QUIET_CYCLES = 50;

/** Cycles without an edge after which a load has stopped pulsing. */
function patience(pulse: Pulse): number {
  return Math.min(LONGEST_PERIOD, Math.max(50, 2 * pulse.longestDwell + 10));
}

/** Whether a step takes more active current; a purely reactive one goes by the sign of its quadrature part. */
export function isUp(step: Float64Array): boolean {
  const inPhase = step[0] as number;
  const quadrature = step[1] as number;
  if (Math.abs(inPhase) >= 0.1 * Math.sqrt(dot(step, step))) return inPhase > 0;
  return length(step) > 0 && quadrature < 0;
}
