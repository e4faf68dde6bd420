import {
  addressOf,
  wordsOf,
  type MapRegister,
  type MapState,
  type ModbusTable,
  type RegisterMap,
} from './register-map.ts';

/** One request: neighbouring registers of one table that are due equally often. */
export type ReadBlock = {
  readonly table: ModbusTable;
  readonly address: number;
  readonly count: number;
  readonly everyMs: number;
  readonly registers: readonly MapRegister[];
  readonly states: readonly MapState[];
};

type Item = {
  readonly table: ModbusTable;
  readonly everyMs: number;
  readonly from: number;
  readonly to: number;
  readonly register?: MapRegister;
  readonly state?: MapState;
};

const MOST_BITS = 2000;

/**
 * The fewest requests that read a whole map: contiguous addresses are merged up to the device's limit, and over the gap
 * it allows. No register is split over two requests: its halves could be of two instants.
 *
 * @param only points and states to be read; default all.
 */
export function readPlan(map: RegisterMap, only: (name: string) => boolean = () => true): readonly ReadBlock[] {
  const items = itemsOf(map).filter(({ register, state }) => only(register?.point ?? state?.name ?? ''));
  const blocks: Item[][] = [];
  for (const item of items.sort(inOrder)) {
    const block = blocks.at(-1);
    if (block !== undefined && fits(map, block, item)) block.push(item);
    else blocks.push([item]);
  }
  return blocks.map(blockOf);
}

function itemsOf({ registers, states = [], everyMs }: RegisterMap): Item[] {
  return [
    ...registers.map((register): Item => {
      const from = addressOf(register.address);
      const to = from + wordsOf[register.type];
      return { table: register.table, everyMs: register.everyMs ?? everyMs, from, to, register };
    }),
    ...states.map((state): Item => {
      const from = addressOf(state.address);
      return { table: state.table, everyMs: state.everyMs ?? everyMs, from, to: from + 1, state };
    }),
  ];
}

function inOrder(a: Item, b: Item): number {
  return a.table.localeCompare(b.table) || a.everyMs - b.everyMs || a.from - b.from;
}

function fits({ limits }: RegisterMap, block: readonly Item[], item: Item): boolean {
  const [first] = block;
  if (first === undefined || first.table !== item.table || first.everyMs !== item.everyMs) return false;
  const end = Math.max(...block.map(({ to }) => to));
  const most = isOfBits(item.table) ? (limits.bits ?? MOST_BITS) : limits.registers;
  return item.from <= end + (limits.gap ?? 0) && Math.max(end, item.to) - first.from <= most;
}

function blockOf(items: readonly Item[]): ReadBlock {
  const [{ table, everyMs, from }] = items as [Item];
  return {
    table,
    everyMs,
    address: from,
    count: Math.max(...items.map(({ to }) => to)) - from,
    registers: items.flatMap(({ register }) => (register === undefined ? [] : [register])),
    states: items.flatMap(({ state }) => (state === undefined ? [] : [state])),
  };
}

export function isOfBits(table: ModbusTable): boolean {
  return table === 'coil' || table === 'discrete';
}
