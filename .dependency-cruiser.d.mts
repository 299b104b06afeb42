interface Rule {
	readonly name: string;
	readonly comment: string;
}
export declare const rules: readonly Rule[];
export declare const options: Readonly<Record<string, unknown>>;
export declare function dependsOn(id: string, lower: readonly string[]): Rule;
