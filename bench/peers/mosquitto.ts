import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { requireProgram } from '../../tools/servers/find-or-install.ts';

/**
 * Its defaults drop what 1,000 messages do not hold and let 20 be on their way to a subscriber: raised as its manual
 * says (mosquitto.conf(5)). `persistence` writes every 30 minutes and at an orderly end.
 */
const configuration = (port: number, folder: string): string => `
listener ${port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location ${folder}/
max_queued_messages 0
max_inflight_messages 1000
set_tcp_nodelay true
log_type error
user root
`;

/** Command and arguments of a broker that keeps its sessions in `folder`. */
export async function mosquittoCommand(port: number, folder: string): Promise<readonly [string, readonly string[]]> {
  const file = path.join(folder, 'mosquitto.conf');
  await writeFile(file, configuration(port, folder));
  return [await requireProgram('mosquitto'), ['-c', file]];
}
