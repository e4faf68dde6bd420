export type Refusal = { readonly refused: { readonly code: string; readonly detail: string } };

export const refuse = (code: string, detail: string): Refusal => ({ refused: { code, detail } });
