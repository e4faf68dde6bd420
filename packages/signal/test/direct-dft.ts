/** The definition X[k] = Σ x[n]·e^(-2πi·kn/N), summed directly; the independent oracle for the FFT. */
export function directDft(re: Float64Array, im: Float64Array): { re: Float64Array; im: Float64Array } {
  const size = re.length;
  const outRe = new Float64Array(size);
  const outIm = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    for (let n = 0; n < size; n++) {
      // Reduced before the multiplication, so that the angle itself is exact to one rounding.
      const angle = (-2 * Math.PI * ((k * n) % size)) / size;
      const c = Math.cos(angle);
      const s = Math.sin(angle);
      (outRe[k] as number) += (re[n] as number) * c - (im[n] as number) * s;
      (outIm[k] as number) += (re[n] as number) * s + (im[n] as number) * c;
    }
  }
  return { re: outRe, im: outIm };
}
