import { error } from '@sveltejs/kit';
import { isId, type WardId } from '@tongping/domain/kernel';
import { hospital, read } from '@tongping/domain/kernel/server';
import { teamOf } from '@tongping/domain/identity-access/server';
import { wardBoard } from '@tongping/domain/inpatient';
import { mayAddBedsTo, mayKeepBedsOf, mayMovePatientsIn } from '@tongping/domain/organization';
import { wardsOfHouse } from '@tongping/domain/organization/server';
import { sentence } from '#kernel/answers.ts';
import type { PageServerLoad } from './$types';

/** The board as it is now, so that the first paint already shows the ward; the live document takes over from there. */
export const load: PageServerLoad = async ({ params, locals, parent }) => {
	const { wards } = await parent();
	const actor = locals.actor;
	const ward = isId(params.ward) ? (params.ward as WardId) : null;
	if (actor === null || ward === null) error(404, sentence(locals.locale, 'not-found'));
	await read(actor, { purpose: 'ward-board', patient: null, allow: wards.some((one) => one.id === ward), detail: { ward } });
	const { registry, reader } = hospital();
	const house = await wardsOfHouse(reader, actor.organization);
	const projection = registry.flatMap((served) => served.projections ?? []).find((one) => one.kind === wardBoard.kind);
	const now = Date.now();
	return {
		ward,
		now,
		first: projection === undefined ? null : await projection.view(reader, ward, '*', now),
		elsewhere: house.filter((one) => one.id !== ward),
		team: (await teamOf(reader, actor.organization, ward)).map(({ user, name, role }) => ({ user, name, role })),
		may: { move: mayMovePatientsIn(actor, ward), keepBeds: mayKeepBedsOf(actor, ward), addBeds: mayAddBedsTo(actor, ward) }
	};
};
