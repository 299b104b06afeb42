/** Plain data about a module that the browser may load for all modules at once: navigation, slots, topics. No schemas, no code. */
export interface Face {
	readonly id: string;
	readonly navigation?: readonly {
		readonly route: string;
		readonly icon: string;
		readonly label: { readonly zh: string; readonly en: string };
		readonly order: number;
		readonly roles: readonly string[] | '*';
	}[];
}
export const face = <const F extends Face>(definition: F): F => definition;
