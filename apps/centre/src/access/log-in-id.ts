/** Names a log-in, and opens nothing: part of the hash of what opens it. */
export const logInId = (tokenSha256: string): string => tokenSha256.slice(0, 16);
