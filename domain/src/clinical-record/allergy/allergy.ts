/** Three different statements: nobody asked yet, asked and none, asked and these. An empty list is none of them. */
export type AllergyStatus = 'unknown' | 'none-known' | 'listed';
export interface AllergyItem {
	readonly substance: string;
	readonly reaction: string | null;
	readonly severity: 'mild' | 'moderate' | 'severe' | null;
}
export interface AllergySummary {
	readonly status: AllergyStatus;
	readonly items: readonly AllergyItem[];
	/** when this was last asked or confirmed; null while unknown */
	readonly at: number | null;
}
