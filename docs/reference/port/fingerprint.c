/*
 * The current fingerprint in C: float32, no allocation, written from ../fingerprint.md alone.
 * A reference for ports, and an oracle for the product's own code: packages/fingerprint/test/c-port.test.ts
 * compiles it and compares both on the golden vectors.
 */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

enum { POINTS = 128, HIGHEST = 15, SHAPE = 32, HALF = 64, FEATURES = 64, QUARTER = 16 };

static const float SQRT2 = 1.41421356f;
static const float PI = 3.14159265f;

/* Mean cycle of the circuit in one state. */
typedef struct {
  float cycle_count;
  float voltage[POINTS];
  float current[POINTS];
} State;

typedef struct {
  bool is_off, has_difference, has_error, has_transient;
  State before, after;
  float difference[POINTS], error[POINTS];
  float inrush_ratio, peak_ratio;
  float settle_cycles; /* below 0: not known */
} Switching;

typedef struct {
  float conductance, susceptance;
  float noise_ratio; /* NaN: not known */
  float feature[FEATURES];
} Fingerprint;

/* Rms phasors of harmonics 1 to 15; index 0 is not used. */
typedef struct {
  float re[HIGHEST + 1], im[HIGHEST + 1];
} Phasors;

static float cosine[POINTS], sine[POINTS];

void fingerprint_begin(void) {
  for (int n = 0; n < POINTS; n++) {
    cosine[n] = cosf(2 * PI * n / POINTS);
    sine[n] = sinf(2 * PI * n / POINTS);
  }
}

static float magnitude(const Phasors *p, int h) { return hypotf(p->re[h], p->im[h]); }

static float fundamental_angle(const Phasors *p) { return atan2f(p->im[1], p->re[1]); }

static void project(const float *points, Phasors *out) {
  for (int h = 1; h <= HIGHEST; h++) {
    float a = 0, b = 0;
    for (int n = 0; n < POINTS; n++) {
      a += points[n] * sine[(h * n) % POINTS];
      b += points[n] * cosine[(h * n) % POINTS];
    }
    out->re[h] = SQRT2 * a / POINTS;
    out->im[h] = SQRT2 * b / POINTS;
  }
}

static void turn(Phasors *p, float angle) {
  for (int h = 1; h <= HIGHEST; h++) {
    const float c = cosf(h * angle), s = sinf(h * angle), x = p->re[h], y = p->im[h];
    p->re[h] = x * c - y * s;
    p->im[h] = x * s + y * c;
  }
}

/* `count` divides POINTS. */
static void wave(const Phasors *p, int count, float *out) {
  for (int n = 0; n < count; n++) {
    float sum = 0;
    for (int h = 1; h <= HIGHEST; h++) {
      const int at = (h * n * (POINTS / count)) % POINTS;
      sum += SQRT2 * (p->re[h] * sine[at] + p->im[h] * cosine[at]);
    }
    out[n] = sum;
  }
}

static float peak(const float *values, int count) {
  float most = 0;
  for (int n = 0; n < count; n++) most = fmaxf(most, fabsf(values[n]));
  return most;
}

/* Depth below the extreme over the span; the cycle is a ring. */
static float depth(const float *x, int n, float extreme, float span) {
  return fabsf(x[((n % POINTS) + POINTS) % POINTS] - extreme) / span;
}

static int cut_points(const float *x, float extreme, float span) {
  const float level = 1e-6f, least_drop = 0.005f;
  int start = 0, found = 0;
  while (start < POINTS && depth(x, start, extreme, span) <= level) start++;
  for (int n = start; n < start + POINTS; n++) {
    if (depth(x, n, extreme, span) > level) continue;
    const int first = n;
    while (depth(x, n + 1, extreme, span) <= level && n - first < POINTS) n++;
    const int length = n - first + 1, beyond = (length + 1) / 2;
    const bool is_cut = depth(x, first - beyond, extreme, span) > least_drop &&
                        depth(x, n + beyond, extreme, span) > least_drop;
    if (length >= 4 && is_cut) found += length;
  }
  return found;
}

static bool is_clipped(const float *x) {
  float low = x[0], high = x[0];
  for (int n = 1; n < POINTS; n++) {
    low = fminf(low, x[n]);
    high = fmaxf(high, x[n]);
  }
  const float span = high - low;
  if (!(span > 0)) return false;
  int cut = 0;
  if (high > 0.05f * span) cut += cut_points(x, high, span);
  if (low < -0.05f * span) cut += cut_points(x, low, span);
  return cut > 0 && cut <= 0.6f * POINTS;
}

static bool is_finite_wave(const float *x) {
  for (int n = 0; n < POINTS; n++)
    if (!isfinite(x[n])) return false;
  return true;
}

static bool is_sound(const State *s) {
  return s->cycle_count >= 1 && is_finite_wave(s->voltage) && is_finite_wave(s->current) && !is_clipped(s->current);
}

/* A half-wave goes on with its own negative on both sides. */
static float half_at(const float *values, int n) {
  return n < 0 ? -values[HALF - 1] : n < HALF ? values[n] : -values[0];
}

static float branch_current(const float *voltage, const float *current, float level, int step) {
  int top = 0;
  for (int n = 0; n < HALF; n++)
    if (voltage[n] > voltage[top]) top = n;
  const float limit = level * voltage[top];
  int at = top;
  while (at >= 0 && at < HALF && half_at(voltage, at + step) > limit) at += step;
  const float inner = half_at(voltage, at), outer = half_at(voltage, at + step);
  const float part = inner == outer ? 0 : (inner - limit) / (inner - outer);
  const float from = half_at(current, at), to = half_at(current, at + step);
  return from + part * (to - from);
}

static float *trajectory_features(const Phasors *v, const float *fine, float *out) {
  float voltage[POINTS], u[HALF], w[HALF];
  wave(v, POINTS, voltage);
  const float voltage_peak = peak(voltage, POINTS), current_peak = peak(fine, POINTS);
  for (int n = 0; n < HALF; n++) {
    u[n] = (voltage[n] - voltage[n + HALF]) / (2 * voltage_peak);
    w[n] = (fine[n] - fine[n + HALF]) / (2 * current_peak);
  }
  float area = 0;
  int crossings = 0, side = 0;
  for (int k = 1; k < 24; k++) {
    const float gap = branch_current(u, w, k / 24.0f, -1) - branch_current(u, w, k / 24.0f, 1);
    area += fabsf(gap) / 24;
    if (fabsf(gap) < 0.02f) continue;
    const int sign = gap > 0 ? 1 : -1;
    if (side != 0 && sign != side) crossings++;
    side = sign;
  }
  *out++ = area / 2;
  *out++ = 2.0f * crossings;
  const float levels[3] = {0.25f, 0.5f, 0.9f};
  for (int step = -1; step <= 1; step += 2)
    for (int k = 0; k < 3; k++) *out++ = branch_current(u, w, levels[k], step);
  return out;
}

static float *half_wave_features(const float *shape, float *out) {
  float s[QUARTER], steepest = 0;
  for (int k = 0; k < QUARTER; k++) s[k] = (shape[k] - shape[k + QUARTER]) / 2;
  const float top = peak(s, QUARTER);
  int at = -1, conducting = 0;
  for (int k = 0; k < QUARTER; k++) {
    if (fabsf(s[k]) > 0.2f * top) conducting++;
    if (at < 0 && fabsf(s[k]) == top) at = k;
    const float next = k < QUARTER - 1 ? s[k + 1] : -s[0];
    steepest = fmaxf(steepest, fabsf(next - s[k]));
  }
  const float sign = s[at] > 0 ? 1 : -1;
  const float left = sign * (at > 0 ? s[at - 1] : -s[QUARTER - 1]);
  const float right = sign * (at < QUARTER - 1 ? s[at + 1] : -s[0]);
  const float curvature = 2 * top - left - right;
  const float part = curvature > 0 ? (right - left) / (2 * curvature) : 0;
  *out++ = (float)conducting / QUARTER;
  *out++ = (at + part) * 180 / QUARTER;
  *out++ = steepest / top;
  for (int k = 0; k < QUARTER; k++) *out++ = s[k];
  return out;
}

/* Rms of i - G·v over rms of i, by the rest itself: exact near 0, where 1 - P²/(U²I²) is not in float32. */
static float nonresistive(const Phasors *v, const Phasors *i, float whole) {
  float power = 0, squares = 0, left = 0;
  for (int h = 1; h <= HIGHEST; h++) {
    power += v->re[h] * i->re[h] + v->im[h] * i->im[h];
    squares += v->re[h] * v->re[h] + v->im[h] * v->im[h];
  }
  const float g = power / squares;
  for (int h = 1; h <= HIGHEST; h++) {
    const float x = i->re[h] - g * v->re[h], y = i->im[h] - g * v->im[h];
    left += x * x + y * y;
  }
  return sqrtf(left) / whole;
}

static void features(const Switching *in, const Phasors *v, const Phasors *i, float whole, Fingerprint *out) {
  const float fundamental = magnitude(i, 1), g = out->conductance, b = out->susceptance, y = hypotf(g, b);
  float distortion = 0, even = 0, fine[POINTS], shape[SHAPE];
  for (int h = 2; h <= HIGHEST; h++) {
    const float ratio = magnitude(i, h) / fundamental;
    distortion += ratio * ratio;
    if (h % 2 == 0) even += ratio * ratio;
  }
  const float c = sqrtf(1 + distortion), rest = nonresistive(v, i, whole);
  wave(i, POINTS, fine);
  wave(i, SHAPE, shape);
  for (int n = 0; n < SHAPE; n++) shape[n] /= whole;
  float *f = out->feature;
  *f++ = log10f(y * 230 * 230);
  *f++ = g / y;
  *f++ = b / y;
  *f++ = 1 / c;
  *f++ = rest;
  *f++ = sqrtf(even) / c;
  *f++ = peak(fine, POINTS) / whole;
  for (int h = 2; h <= HIGHEST; h++) *f++ = magnitude(i, h) / fundamental / c;
  for (int h = 3; h <= 13; h += 2) {
    *f++ = i->re[h] / fundamental / c;
    *f++ = i->im[h] / fundamental / c;
  }
  f = trajectory_features(v, fine, f);
  f = half_wave_features(shape, f);
  const bool has_way = in->has_transient && !in->is_off && in->inrush_ratio >= 1 && in->peak_ratio >= 1;
  *f++ = has_way ? log10f(in->inrush_ratio) : NAN;
  *f++ = has_way ? log10f(in->peak_ratio) : NAN;
  *f++ = has_way && in->settle_cycles >= 0 ? log10f(1 + in->settle_cycles) : NAN;
  const float shift = b / y / c;
  *f++ = sqrtf(fmaxf(0, rest * rest - shift * shift));
}

/* False: no fingerprint can be made of it. */
bool fingerprint_of(const Switching *in, Fingerprint *out) {
  if (!is_sound(&in->before) || !is_sound(&in->after)) return false;
  if (in->before.cycle_count + in->after.cycle_count < 3) return false;
  Phasors vb, va, ib, ia, v, i;
  project(in->before.voltage, &vb);
  project(in->after.voltage, &va);
  const float before = fundamental_angle(&vb), after = fundamental_angle(&va), sign = in->is_off ? -1 : 1;
  turn(&vb, -before);
  turn(&va, -after);
  if (in->has_difference) {
    project(in->difference, &ia);
    turn(&ia, -(before + after) / 2);
  } else {
    project(in->before.current, &ib);
    project(in->after.current, &ia);
    turn(&ib, -before);
    turn(&ia, -after);
  }
  float squares = 0, error = 0;
  for (int h = 1; h <= HIGHEST; h++) {
    v.re[h] = (vb.re[h] + va.re[h]) / 2;
    v.im[h] = (vb.im[h] + va.im[h]) / 2;
    i.re[h] = sign * (in->has_difference ? ia.re[h] : ia.re[h] - ib.re[h]);
    i.im[h] = sign * (in->has_difference ? ia.im[h] : ia.im[h] - ib.im[h]);
    squares += i.re[h] * i.re[h] + i.im[h] * i.im[h];
  }
  const float whole = sqrtf(squares), voltage = magnitude(&v, 1);
  for (int n = 0; in->has_error && n < POINTS; n++) error += in->error[n] * in->error[n];
  const float noise = sqrtf(2.0f * HIGHEST / POINTS * error / POINTS);
  if (!(voltage >= 10) || !(whole >= fmaxf(0.003f, 2 * noise))) return false;
  if (!(magnitude(&i, 1) > 0.05f * whole)) return false;
  out->conductance = i.re[1] / voltage;
  out->susceptance = -i.im[1] / voltage;
  out->noise_ratio = in->has_error ? noise / whole : NAN;
  features(in, &v, &i, whole, out);
  return true;
}

#ifdef FINGERPRINT_FILTER
#include <stdio.h>

/* Records of 8 + 6 × 128 floats in, of 4 + 64 floats out: isUsable, conductance, susceptance, noiseRatio, features. */
int main(void) {
  static Switching in;
  static Fingerprint out;
  float head[8];
  fingerprint_begin();
  while (fread(head, sizeof(float), 8, stdin) == 8) {
    float *const waves[6] = {in.before.voltage, in.before.current, in.after.voltage,
                             in.after.current,  in.difference,     in.error};
    for (int k = 0; k < 6; k++)
      if (fread(waves[k], sizeof(float), POINTS, stdin) != POINTS) return 1;
    const int flags = (int)head[0];
    in.is_off = flags & 1;
    in.has_difference = flags & 2;
    in.has_error = flags & 4;
    in.has_transient = flags & 8;
    in.before.cycle_count = head[1];
    in.after.cycle_count = head[2];
    in.inrush_ratio = head[3];
    in.peak_ratio = head[4];
    in.settle_cycles = head[5];
    const float usable = fingerprint_of(&in, &out) ? 1 : 0;
    const float result[4] = {usable, out.conductance, out.susceptance, out.noise_ratio};
    fwrite(result, sizeof(float), 4, stdout);
    fwrite(out.feature, sizeof(float), FEATURES, stdout);
  }
  return 0;
}
#endif
