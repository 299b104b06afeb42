import type { Actor } from '@tongping/domain/kernel';
import { hospital } from '@tongping/domain/kernel/server';
import { peopleOf } from '@tongping/domain/identity-access/server';

/** The names behind these users of the actor's hospital; null for the server itself and for whom it does not know. */
export async function namesOf(actor: Actor, users: readonly string[]): Promise<(user: string) => string | null> {
	const people = await peopleOf(hospital().reader, actor.organization, [...new Set(users)]);
	return (user) => people.get(user)?.name ?? null;
}
