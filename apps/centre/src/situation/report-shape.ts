import type { DeviceModel } from '../registry/device-model.ts';

/** The points that a report names, in its order: one object for all reports of a model that name the same. */
export type ReportShape = {
  readonly points: readonly string[];
  /** Where each stands in the model's list; -1 = not a point of this model. */
  readonly columns: Int32Array;
  readonly hasUnknown: boolean;
};

type ShapesOfModel = { readonly index: ReadonlyMap<string, number>; readonly shapes: ReportShape[] };

/** A device that names other points in each report must not grow the memory. */
const SHAPES_PER_MODEL = 64;

const shapesOfModel = new WeakMap<DeviceModel, ShapesOfModel>();

export function shapeOf(model: DeviceModel, points: readonly string[]): ReportShape {
  let known = shapesOfModel.get(model);
  if (known === undefined) {
    known = { index: new Map(model.points.map(({ id }, position) => [id, position])), shapes: [] };
    shapesOfModel.set(model, known);
  }
  const { index, shapes } = known;
  const found = shapes.find((shape) => isSame(shape.points, points));
  if (found !== undefined) return found;
  const columns = Int32Array.from(points, (point) => index.get(point) ?? -1);
  const shape = { points, columns, hasUnknown: columns.includes(-1) };
  // What is not a point of the model may be anything: only what the model knows is worth keeping.
  if (!shape.hasUnknown) {
    shapes.push(shape);
    if (shapes.length > SHAPES_PER_MODEL) shapes.shift();
  }
  return shape;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
