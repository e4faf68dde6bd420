import { callControlSocket } from '../../../apps/centre/src/control-socket.ts';
import { NEVER_SILENT_MS, type CentreProcess } from '../../harness/centre-process.ts';

/** What `fengsui device|token|user|venue create` do, without the start of a process for each of hundreds. */
export class Provision {
  readonly #centre: CentreProcess;

  constructor(centre: CentreProcess) {
    this.#centre = centre;
  }

  async #call<Result>(command: string, parameters: Readonly<Record<string, unknown>>): Promise<Result> {
    const answer = await callControlSocket(this.#centre.folder, command, parameters);
    if (answer === undefined) throw new Error(`${command}: no centre runs on ${this.#centre.folder}`);
    if ('error' in answer) throw new Error(`${command}: ${answer.error}`);
    return answer.result as Result;
  }

  /** The secret. */
  async device(
    id: string,
    venueId: string,
    model = 'generic-terminal',
    parentId?: string,
    reportingIntervalMs = NEVER_SILENT_MS,
  ): Promise<string> {
    const parameters = { id, model, venueId, reportingIntervalMs, ...(parentId !== undefined && { parentId }) };
    return (await this.#call<{ secret: string }>('createDevice', parameters)).secret;
  }

  async revoke(id: string): Promise<void> {
    await this.#call('revokeDevice', { id });
  }

  async token(role: string, venueIds?: readonly string[], days?: number, organisationId?: string): Promise<string> {
    const parameters = {
      role,
      ...(venueIds !== undefined && { venueIds }),
      ...(days !== undefined && { days }),
      ...(organisationId !== undefined && { organisationId }),
    };
    return (await this.#call<{ token: string }>('createToken', parameters)).token;
  }

  async user(
    username: string,
    password: string,
    role: string,
    venueIds?: readonly string[],
    organisationId?: string,
  ): Promise<void> {
    const bound = {
      ...(venueIds !== undefined && { venueIds }),
      ...(organisationId !== undefined && { organisationId }),
    };
    await this.#call('createUser', { username, password, role, ...bound });
  }
}
