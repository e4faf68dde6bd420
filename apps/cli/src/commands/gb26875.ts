import { UsageError, type Command } from '../command.ts';
import { decodeFrames } from './gb26875-decode.ts';
import { encodeFrames } from './gb26875-encode.ts';
import { relayCommand } from './gb26875-relay.ts';
import { simulateDevice } from './gb26875-simulate.ts';

const actions: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  decode: decodeFrames,
  encode: encodeFrames,
  simulate: simulateDevice,
  relay: relayCommand,
};

export const gb26875Command: Command = {
  usage: [
    "fengsui gb26875 decode --hex '40 40 02 01 …'",
    'fengsui gb26875 decode frames.hex                 one frame a line, hex',
    'fengsui gb26875 decode --stream recording.bin     a raw stream: frames are found by their length',
    'fengsui gb26875 encode frames.ndjson              the reverse: what decode prints, to hex lines',
    'fengsui gb26875 simulate --centre 127.0.0.1:5200 --address 010203040506 --fire 5 --duration 30',
    'fengsui gb26875 relay put --id old --host 192.0.2.5 --port 5200 --venue V1     pass frames on to another centre',
    "fengsui gb26875 relay mode --id old --mode listening|answering|off --reason 'cut-over'",
    '',
    'FILE absent or -: standard input. decode prints one JSON object a line: {valid, reason?, serial, version, sentAt,',
    'source, destination, command, type, count, objects, …}; bytes that are no frame are lines of their own.',
    'decode    --hex HEX  --stream  --profile FILE',
    'encode    --binary (raw bytes instead of hex)  --profile FILE',
    'simulate  --centre HOST:PORT  --udp  --address HEX  --parts N  --heartbeat SECONDS  --fire SECONDS  --clear SECONDS',
    '          --states N (before the fire)  --answer SECONDS | --absent (on-duty check)  --operator N',
    '          --duration SECONDS  --profile FILE',
    'relay     list | put | mode  --id ID  --name WORDS  --host HOST  --port N  --venue ID  --device ID  --organisation ID',
    '          --address HEX  --source-address HEX  --no-reads  --duty-checks  --confirm-within SECONDS  --keep FRAMES',
    '          --json  --data DIR; put makes one that is off, or replaces all settings of one but its mode',
    'simulate prints every frame that goes and comes; exit 0 when every upload was confirmed.',
  ].join('\n'),
  async run([action, ...args]) {
    const act = Object.hasOwn(actions, action ?? '') ? actions[action ?? ''] : undefined;
    if (act === undefined) throw new UsageError(`gb26875 ${action ?? ''}: expected ${Object.keys(actions).join(', ')}`);
    return act(args);
  },
};
