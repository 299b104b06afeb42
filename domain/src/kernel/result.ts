/** What people can cause is a value, not an exception. */
export type Result<T, R> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: R };
export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });
export const refuse = <C extends string>(code: C, facts: RefusalFacts = {}): Result<never, Refusal> => ({ ok: false, refusal: { code, facts } });

export type RefusalFacts = Readonly<Record<string, string | number | null>>;
/** A state of the world that forbids the act (`bed-occupied`), with the facts a sentence needs: who, when, what instead. */
export interface Refusal {
	readonly code: string;
	readonly facts: RefusalFacts;
}

export function exhaustive(value: never): never {
	throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
