import { redirect } from '@sveltejs/kit';
import { hasRole, isRadiologist } from '@tongping/domain/kernel';
import type { PageServerLoad } from './$types';

/** Home is where the work is: the board of the first ward, the reading room, or the house. */
export const load: PageServerLoad = async ({ parent, locals }) => {
	const { wards, navigation } = await parent();
	const actor = locals.actor;
	const own = actor === null || actor.wards === '*' ? wards[0] : (wards.find((ward) => actor.wards !== '*' && actor.wards.includes(ward.id)) ?? wards[0]);
	if (own !== undefined) redirect(307, `/wards/${own.id}`);
	const first = navigation.find((item) => item.route !== '/');
	if (actor !== null && isRadiologist(actor) && navigation.some((item) => item.route === '/imaging')) redirect(307, '/imaging');
	if (actor !== null && hasRole(actor, 'administrator') && navigation.some((item) => item.route === '/admin')) redirect(307, '/admin');
	if (first !== undefined) redirect(307, first.route);
	return {};
};
