import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { ReleaseManifest } from '@fengsui/protocol';

/** What was sent is not what the manifest says. */
export class ReleaseFileError extends Error {}

/** The files of releases, by their hash, in the data folder: what is there has the size and the hash of its manifest. */
export class ReleaseFiles {
  readonly #folder: string;
  #draft = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  #fileOf({ sha256 }: Pick<ReleaseManifest, 'sha256'>): string {
    return path.join(this.#folder, `${sha256}.release`);
  }

  async has(manifest: Pick<ReleaseManifest, 'sha256' | 'bytes'>): Promise<boolean> {
    return (await stat(this.#fileOf(manifest)).catch(() => undefined))?.size === manifest.bytes;
  }

  /**
   * Keeps a file that matches its manifest, whole or not at all; when it returns it outlives a power cut.
   *
   * @throws ReleaseFileError saying how it differs.
   */
  async receive(manifest: Pick<ReleaseManifest, 'sha256' | 'bytes'>, content: Readable): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const draft = path.join(this.#folder, `${manifest.sha256}.${process.pid}-${(this.#draft += 1)}.part`);
    const handle = await open(draft, 'w', 0o600);
    try {
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of content as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > manifest.bytes)
          throw new ReleaseFileError(`the file has more than the ${manifest.bytes} bytes of the manifest`);
        hash.update(chunk);
        await handle.write(chunk);
      }
      if (bytes !== manifest.bytes)
        throw new ReleaseFileError(`the file has ${bytes} bytes, the manifest says ${manifest.bytes}`);
      const sha256 = hash.digest('hex');
      if (sha256 !== manifest.sha256)
        throw new ReleaseFileError(`the file has sha256 ${sha256}, the manifest says ${manifest.sha256}`);
      await handle.sync();
      await rename(draft, this.#fileOf(manifest));
    } finally {
      await handle.close();
      await rm(draft, { force: true });
    }
  }

  read(manifest: Pick<ReleaseManifest, 'sha256'>, from: number): Readable {
    return createReadStream(this.#fileOf(manifest), { start: from });
  }
}
