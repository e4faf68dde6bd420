/** What is asked of the registry cannot be done; `code` is stable, the message says what to do instead. */
export class RegistryRefusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
