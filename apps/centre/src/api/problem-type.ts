type Content = Record<string, unknown>;
type Described = { readonly responses?: Readonly<Record<string, { content?: Content } | undefined>> };

/** The document says what is sent: problems go out as `application/problem+json` (RFC 9457), not as plain JSON. */
export function withProblemType<Document extends { readonly paths?: object }>(document: Document): Document {
  for (const item of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(item as Record<string, Described>)) {
      const problem = operation.responses?.['default'];
      const { 'application/json': schema, ...others } = problem?.content ?? {};
      if (problem !== undefined && schema !== undefined)
        problem.content = { ...others, 'application/problem+json': schema };
    }
  }
  return document;
}
