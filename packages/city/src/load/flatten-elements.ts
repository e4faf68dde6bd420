import type { CircuitElement } from './circuit-element.ts';
import { ElementCore, ElementPort } from './element-port.ts';
import { ParallelElements } from './parallel-elements.ts';

/**
 * The elements as the network solves them fastest: ports instead of kinds, and every appliance taken apart, since its
 * parts hang at the same node.
 */
export function flattenElements(elements: readonly CircuitElement[]): readonly CircuitElement[] {
  return elements.flatMap((element) => {
    const core = element instanceof ElementPort ? element.core : element;
    if (core instanceof ParallelElements) return flattenElements(core.parts);
    return [core instanceof ElementCore ? core.port : element];
  });
}
