import type { Cookies } from '@sveltejs/kit';
import { idleLimit } from '@tongping/domain/identity-access/server';
import { hasRole, type Actor } from '@tongping/domain/kernel';
import { db } from '@tongping/domain/kernel/server';
import { wardsOf } from '@tongping/domain/organization/server';
import { faces } from '../registry/faces.ts';

/** Only pages that exist stand in the rail: a dead link teaches people not to try. */
const pages = new Set(
	Object.keys(import.meta.glob('./(app)/**/+page.svelte')).map((path) => path.replace(/^\.\/\(app\)\//, '/').replace(/\/?\+page\.svelte$/, ''))
);
const DENSITIES = ['dense', 'medium', 'large'] as const;

/** What the shell around every page of a signed-in person shows: the rail, the wards, the person, and when it locks. */
export async function shellOf(actor: Actor, place: App.Locals['place'], cookies: Cookies) {
	const wards = await wardsOf(db(), actor);
	const fromFaces = faces
		.flatMap((face) => face.navigation ?? [])
		.filter((item) => (item.roles === '*' || item.roles.includes(actor.role)) && (item.route === '/' ? wards.length > 0 : pages.has(item.route)));
	const board = { route: '/', icon: 'bed', label: { zh: '床位', en: 'Beds' }, order: 10, roles: '*' } as const;
	const house = { route: '/admin', icon: 'settings', label: { zh: '管理', en: 'Manage' }, order: 90, roles: '*' } as const;
	const manages = hasRole(actor, 'administrator') && pages.has(house.route) && !fromFaces.some((item) => item.route === house.route);
	const navigation = [...(wards.length > 0 && !fromFaces.some((item) => item.route === '/') ? [board] : []), ...fromFaces, ...(manages ? [house] : [])]
		.toSorted((a, b) => a.order - b.order)
		.map(({ route, icon, label }) => ({ route, icon, label }));
	return {
		person: { user: actor.user, name: actor.name, role: actor.role, organization: actor.organization, wards: actor.wards },
		wards: wards.map(({ id, name }) => ({ id, name })),
		navigation,
		density: DENSITIES.find((one) => one === cookies.get('density')) ?? ('dense' as const),
		idleMs: idleLimit(place ?? 'ward')
	};
}
