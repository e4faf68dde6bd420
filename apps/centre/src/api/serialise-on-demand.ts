import SerializerSelector from '@fastify/fast-json-stringify-compiler';

/**
 * The serialiser of an answer is made when the first such answer leaves. Making all of them takes 1.4 s of a start:
 * each one reads every named schema anew, and most are never asked for.
 */
export function serialiseOnDemand(): SerializerSelector.SerializerFactory {
  const build = SerializerSelector();
  return (named, options) => {
    const withNamed = build(named, options);
    const alone = build({}, options);
    return (route) => {
      let serialise: SerializerSelector.Serializer | undefined;
      return (answer) => {
        serialise ??= (refers(route.schema) ? withNamed : alone)(route);
        return serialise(answer);
      };
    };
  };
}

/** Most schemas hold what they consist of; only one that names another needs the others. */
function refers(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  return '$ref' in schema || Object.values(schema).some(refers);
}
