import { tables, type Handle, type Served } from '../../../kernel/server/module.ts';
import { demoOrganization } from '../fixtures.ts';

export interface OrganizationTables {
	organization: { id: string; name: string; english_name: string };
}

/** The hospital itself, made once with its first administrator. */
export async function foundOrganization(trx: Handle, { id, name }: { readonly id: string; readonly name: string }): Promise<void> {
	await tables<OrganizationTables>(trx).insertInto('organization').values({ id, name, english_name: name }).execute();
}

export const served: Served = {
	id: 'organization.organization',
	migrations: [{ id: 'organization/organization/1', sql: [`create table organization (id text primary key, name text not null, english_name text not null)`] }],
	async seed(trx) {
		await tables<OrganizationTables>(trx)
			.insertInto('organization')
			.values({ id: demoOrganization.id, name: demoOrganization.name, english_name: demoOrganization.englishName })
			.execute();
	}
};
