import type { QuarantineItem } from '@tongping/domain/operations';
import { quarantineItems } from '@tongping/domain/operations/server';
import { peopleOf } from '@tongping/domain/identity-access/server';
import { db } from '@tongping/domain/kernel/server';

/** What waits in the quarantine of one hospital, with the names of all who are meant by id. */
export async function quarantineWithNames(
	organization: string
): Promise<{ readonly items: readonly QuarantineItem[]; readonly names: Readonly<Record<string, string>> }> {
	const items = await quarantineItems(db(), organization);
	const users = items.flatMap(({ by, decidedBy, alsoBy, runs }) => [by, decidedBy, ...alsoBy, ...runs.map(({ owner }) => owner)]);
	const people = await peopleOf(db(), organization, [...new Set(users.filter((user) => user !== null))]);
	return { items, names: Object.fromEntries([...people].map(([user, { name }]) => [user, name])) };
}
