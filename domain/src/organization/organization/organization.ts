import type { OrganizationId } from '../../kernel/index.ts';

/** One hospital of a consortium. */
export interface Organization {
	readonly id: OrganizationId;
	readonly name: string;
	readonly englishName: string;
}
