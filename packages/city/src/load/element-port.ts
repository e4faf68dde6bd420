import type { CircuitElement } from './circuit-element.ts';
import type { ElementNode } from './element-node.ts';

/**
 * What the network touches of an element. One class for all kinds, so that the engine reads activity and companion of every
 * element at one place in memory: with a class per kind a third of the time went into looking properties up.
 */
export class ElementPort implements CircuitElement {
  isActive = false;
  conductance = 0;
  sourceA = 0;
  /** Drawn in the last step. */
  currentA = 0;
  readonly isLinear: boolean;
  readonly core: ElementCore;
  // The kind's own methods, looked up once: looking them up by kind at every step took as long as the cheaper of them take.
  readonly #prepare: ElementCore['prepare'];
  readonly #settle: ElementCore['settle'];
  readonly #commit: ElementCore['commit'];

  constructor(core: ElementCore, isLinear: boolean) {
    this.core = core;
    this.isLinear = isLinear;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the core as `this`
    ({ prepare: this.#prepare, settle: this.#settle, commit: this.#commit } = core);
  }

  prepare(node: ElementNode): void {
    this.#prepare.call(this.core, node);
  }

  settle(node: ElementNode): boolean {
    return this.#settle.call(this.core, node);
  }

  commit(node: ElementNode): void {
    this.#commit.call(this.core, node);
  }

  close(): void {
    this.core.close();
  }

  open(): void {
    this.core.open();
  }
}

/** Base of the kinds: keeps what the network reads in its port. Is an element itself too; the port is the faster one. */
export abstract class ElementCore implements CircuitElement {
  readonly port: ElementPort;

  constructor(isLinear: boolean) {
    this.port = new ElementPort(this, isLinear);
  }

  get isLinear(): boolean {
    return this.port.isLinear;
  }

  get isActive(): boolean {
    return this.port.isActive;
  }

  set isActive(isActive: boolean) {
    this.port.isActive = isActive;
  }

  get conductance(): number {
    return this.port.conductance;
  }

  get sourceA(): number {
    return this.port.sourceA;
  }

  get currentA(): number {
    return this.port.currentA;
  }

  abstract prepare(node: ElementNode): void;
  abstract commit(node: ElementNode): void;
  abstract close(): void;
  abstract open(): void;

  /** As in `CircuitElement`; linear kinds have nothing to correct. */
  settle(_node: ElementNode): boolean {
    return true;
  }
}
