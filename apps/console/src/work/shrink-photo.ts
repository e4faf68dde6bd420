export const MAX_PHOTO_BYTES = 2 * 1024 * 1024;
/** Enough to read a type plate, and a JPEG of it stays below the limit. */
const EDGE_PX = 2_000;
const QUALITY = 0.82;

/** A photo the centre takes: as it is when it is small enough, else redrawn. Undefined when it is no picture. */
export async function shrinkPhoto(file: File): Promise<Blob | undefined> {
  const isTaken = file.type === 'image/jpeg' || file.type === 'image/png';
  if (isTaken && file.size <= MAX_PHOTO_BYTES) return file;
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return undefined;
  }
  const scale = Math.min(1, EDGE_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), 'image/jpeg', QUALITY));
}
