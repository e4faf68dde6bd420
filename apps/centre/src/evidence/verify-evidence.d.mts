/** What a package says of itself. */
export type EvidenceManifest = {
  readonly incident: { readonly id: string; readonly number: number };
  readonly origin: string;
  readonly madeAt: string;
  readonly madeBy: string;
  readonly keyId: string;
  readonly publicKey: string;
  readonly auditHead: { readonly sequence: number; readonly hash: string };
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
};

/** `problems` names each file that is not as it was packed; [] when all are. */
export function verifyEvidence(archive: Buffer): {
  readonly problems: readonly string[];
  readonly manifest?: EvidenceManifest;
};

/** Says it line by line; the exit code. @throws Error when the file cannot be read */
export function sayWhatIsVerified(file: string, say?: (line: string) => void): number;
