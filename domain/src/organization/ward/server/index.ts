import { tables, type Served } from '../../../kernel/server/module.ts';
import { demoOrganization } from '../../organization/fixtures.ts';
import { demoHouse } from '../fixtures.ts';
import { wardMigrations, type WardTables } from './tables.ts';

export const served: Served = {
	id: 'organization.ward',
	migrations: wardMigrations,
	async seed(trx) {
		const db = tables<WardTables>(trx);
		const organization = demoOrganization.id;
		for (const [position, ward] of demoHouse.entries()) {
			await db
				.insertInto('ward')
				.values({
					id: ward.id,
					organization,
					name: ward.name,
					sex_rule: ward.sexRule,
					position,
					round_special: 15,
					round_first: 30,
					round_second: 120,
					round_third: 180,
					duty: JSON.stringify(ward.duty)
				})
				.execute();
			for (const room of ward.rooms) {
				await db
					.insertInto('ward_room')
					.values({ id: room.id, organization, ward: ward.id, name: room.name, purpose: room.purpose, sex_rule: room.sexRule, position: room.position })
					.execute();
				await db
					.insertInto('ward_bed')
					.values(
						room.beds.map((bed) => ({
							id: bed.id,
							organization,
							ward: ward.id,
							room: room.id,
							number: bed.number,
							position: bed.position,
							extra: bed.extra ? 1 : 0,
							status: 'free' as const,
							status_note: null,
							reserved_for: null,
							command_id: null,
							changed_by: null,
							changed_at: null,
							removed_at: null,
							removed_by: null
						}))
					)
					.execute();
			}
		}
	}
};
