import type { Role, UserId, WardId } from '../../../kernel/index.ts';
import { tables, type Handle } from '../../../kernel/server/module.ts';
import type { IdentityTables, UserAccountTable } from './tables.ts';

/** A person of the house as colleagues see them: who, in which post, in which wards. */
export interface Colleague {
	readonly user: UserId;
	readonly name: string;
	readonly role: Role;
	readonly wards: readonly WardId[] | '*';
}
type Row = Pick<UserAccountTable, 'id' | 'name' | 'role' | 'wards'>;
const colleague = (row: Row): Colleague => ({
	user: row.id as UserId,
	name: row.name,
	role: row.role as Role,
	wards: row.wards === '*' ? '*' : (JSON.parse(row.wards) as WardId[])
});
const people = (handle: Handle, organization: string) =>
	tables<IdentityTables>(handle).selectFrom('user_account').select(['id', 'name', 'role', 'wards']).where('organization', '=', organization);

/** Every doctor with an account in force, by name. */
export async function doctorsOf(handle: Handle, organization: string): Promise<readonly Colleague[]> {
	const rows = await people(handle, organization).where('active', '=', 1).where('role', 'in', ['resident', 'attending', 'chief']).orderBy('name').execute();
	return rows.map(colleague);
}

/** Doctors and nurses with an account in force who work in this ward, by name. */
export async function teamOf(handle: Handle, organization: string, ward: WardId): Promise<readonly Colleague[]> {
	const roles = ['resident', 'attending', 'chief', 'nurse', 'head-nurse'] as const;
	const rows = await people(handle, organization).where('active', '=', 1).where('role', 'in', roles).orderBy('name').execute();
	return rows.map(colleague).filter(({ wards }) => wards === '*' || wards.includes(ward));
}

/** These persons, also those who have left: what they did keeps their name. */
export async function peopleOf(handle: Handle, organization: string, users: readonly string[]): Promise<ReadonlyMap<string, Colleague>> {
	if (users.length === 0) return new Map();
	const rows = await people(handle, organization).where('id', 'in', users).execute();
	return new Map(rows.map((row) => [row.id, colleague(row)]));
}
