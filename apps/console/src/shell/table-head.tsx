/** A heading, or one above numbers, which stand at the right. */
export type Heading = string | { readonly number: string };

export function TableHead({ columns }: { readonly columns: readonly Heading[] }) {
  return (
    <thead>
      <tr>
        {columns.map((heading) =>
          typeof heading === 'string' ? (
            <th key={heading} scope="col">
              {heading}
            </th>
          ) : (
            <th key={heading.number} scope="col" className="number">
              {heading.number}
            </th>
          ),
        )}
      </tr>
    </thead>
  );
}
