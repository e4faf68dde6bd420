import { words, type GbCodeRange } from './word.ts';

/** Command bytes 命令字节, Table 2. 0 and 7–127 are reserved, 128–255 user-defined. */
export const gbCommand = { control: 1, send: 2, confirm: 3, request: 4, response: 5, deny: 6 } as const;

/** Table 2 remarks only «时间同步» at 1; types 89 and 91 go with it too (chapter 8.3.2.14–16). */
export const gbCommands = words(
  [gbCommand.control, '控制命令', 'control'],
  [gbCommand.send, '发送数据', 'send data'],
  [gbCommand.confirm, '确认', 'confirm'],
  [gbCommand.request, '请求', 'request'],
  [gbCommand.response, '应答', 'response'],
  [gbCommand.deny, '否认', 'deny'],
);

/** Undefined for a command of Table 2. */
export function gbCommandRange(command: number): GbCodeRange | undefined {
  if (command >= gbCommand.control && command <= gbCommand.deny) return undefined;
  return command >= 128 ? 'userDefined' : 'reserved';
}
