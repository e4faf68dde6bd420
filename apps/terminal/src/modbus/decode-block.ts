import { decodeRegister, type RegisterValue } from './decode-register.ts';
import type { ReadBlock } from './read-plan.ts';
import { addressOf, wordsOf, type MapState, type RegisterMap } from './register-map.ts';

export type BlockValues = {
  /** By point of the map. */
  readonly values: ReadonlyMap<string, RegisterValue>;
  readonly states: readonly { readonly state: MapState; readonly isActive: boolean }[];
};

/** @param words answer to the request of the block. @throws RangeError when it is of another length. */
export function decodeBlock(map: RegisterMap, block: ReadBlock, words: readonly number[]): BlockValues {
  if (words.length !== block.count) throw new RangeError(`${words.length} values, ${block.count} were asked for`);
  const values = new Map<string, RegisterValue>();
  for (const register of block.registers) {
    const at = addressOf(register.address) - block.address;
    values.set(register.point, decodeRegister(register, map.wordOrder, words.slice(at, at + wordsOf[register.type])));
  }
  const states = block.states.map((state) => {
    const word = words[addressOf(state.address) - block.address] ?? 0;
    const isSet = ((word >> (state.bit ?? 0)) & 1) === 1;
    return { state, isActive: isSet === (state.activeWhen ?? true) };
  });
  return { values, states };
}
