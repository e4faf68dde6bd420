import * as Schema from 'typebox/schema';

export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const objectAt = (value: unknown, place: string): Json => {
  if (!isObject(value)) throw new Error(`${place}: expected an object, found ${JSON.stringify(value)?.slice(0, 80)}`);
  return value;
};

export type Operation = { readonly method: string; readonly path: string; readonly definition: Json };

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** The description of the API as its readers use it: operations, references, response schemas. */
export class OpenApiDocument {
  readonly root: Json;

  constructor(root: unknown) {
    this.root = objectAt(root, 'document');
  }

  operations(): Operation[] {
    return Object.entries(objectAt(this.root['paths'], 'paths')).flatMap(([path, item]) =>
      Object.entries(objectAt(item, path))
        .filter(([method]) => METHODS.includes(method))
        .map(([method, definition]) => ({
          method: method.toUpperCase(),
          path,
          definition: objectAt(definition, `${method} ${path}`),
        })),
    );
  }

  operation(method: string, path: string): Json {
    const found = this.operations().find((candidate) => candidate.method === method && candidate.path === path);
    if (found === undefined) throw new Error(`${method} ${path} is not in the document`);
    return found.definition;
  }

  /** What a local reference points at. */
  resolve(reference: string): unknown {
    if (!reference.startsWith('#/')) throw new Error(`reference ${reference} leaves the document`);
    let place: unknown = this.root;
    for (const step of reference.slice(2).split('/')) {
      const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
      place = isObject(place) ? place[key] : undefined;
      if (place === undefined) throw new Error(`reference ${reference} points at nothing (${key})`);
    }
    return place;
  }

  /** All references of the document. */
  references(node: unknown = this.root): string[] {
    if (Array.isArray(node)) return node.flatMap((item) => this.references(item));
    if (!isObject(node)) return [];
    return Object.entries(node).flatMap(([key, value]) =>
      key === '$ref' && typeof value === 'string' ? [value] : this.references(value),
    );
  }

  /** The schema with every reference replaced by what it points at. */
  inlined(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map((item) => this.inlined(item));
    if (!isObject(schema)) return schema;
    if (typeof schema['$ref'] === 'string') return this.inlined(this.resolve(schema['$ref']));
    const { $id: _name, ...rest } = schema;
    return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, this.inlined(value)]));
  }

  /** Why an answer is not what the document says; undefined when it is. */
  mismatch(method: string, path: string, status: number, contentType: string, body: unknown): string | undefined {
    const responses = objectAt(this.operation(method, path)['responses'], `${method} ${path} responses`);
    const response = responses[String(status)] ?? responses['default'];
    if (response === undefined) return `status ${status} is not described`;
    const content = objectAt(this.inlined(response), `${method} ${path} ${status}`)['content'];
    if (content === undefined) return body === undefined ? undefined : 'a body came, none is described';
    const type = contentType.split(';')[0]?.trim() ?? '';
    const media = objectAt(content, 'content')[type];
    if (media === undefined)
      return `content type ${type} is not described (${Object.keys(objectAt(content, 'content')).join(', ')})`;
    const schema = objectAt(media, type)['schema'];
    if (!isObject(schema)) return `no schema for ${type}`;
    if (Schema.Check(schema, body)) return undefined;
    const [, errors] = Schema.Errors(schema, body);
    return JSON.stringify(errors.slice(0, 3));
  }
}
