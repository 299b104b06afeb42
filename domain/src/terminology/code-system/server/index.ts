import { demoOrganization } from '../../../organization/index.ts';
import { tables, type Served } from '../../../kernel/server/index.ts';
import { demoConcepts, DEMO_TABLE } from '../fixtures.ts';
import { SYSTEMS } from '../code-system.ts';
import { asRow, importTask } from './import.ts';
import { migrations, type CodeTables } from './tables.ts';

export const served: Served = {
	id: 'terminology/code-system',
	migrations,
	tasks: [importTask],
	async seed(trx, now) {
		const organization = demoOrganization.id;
		for (const system of SYSTEMS) {
			const rows = demoConcepts[system].map((concept) => asRow(organization, system, DEMO_TABLE, concept));
			await tables<CodeTables>(trx).insertInto('code_concept').values(rows).execute();
			await tables<CodeTables>(trx)
				.insertInto('code_system')
				.values({ organization, system, version: DEMO_TABLE, title: '示范用小表', concepts: rows.length, imported_at: now })
				.execute();
		}
	}
};
