import { timingSafeEqual } from 'node:crypto';
import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { newId } from '@tongping/domain/kernel';
import { hospital } from '@tongping/domain/kernel/server';
import { hasAccounts, hashPassword } from '@tongping/domain/identity-access/server';
import type { Actions, PageServerLoad } from './$types';

const form = z.strictObject({
	code: z.string().min(1).max(40),
	username: z.string().regex(/^[a-z][a-z0-9.-]{2,31}$/u),
	hospital: z.string().min(1).max(80),
	name: z.string().min(1).max(40),
	password: z.string().min(10).max(256)
});

export const load: PageServerLoad = async () => {
	if (await hasAccounts()) redirect(303, '/sign-in');
	return {};
};

let tries = 0;
const rightCode = (given: string): boolean => {
	const expected = process.env['TONGPING_SETUP_CODE'] ?? '';
	return expected !== '' && given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
};

/** What was typed stands there again after a problem; a password never does. */
const kept = (told: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
	Object.fromEntries(['code', 'hospital', 'username', 'name'].map((name) => [name, typeof told[name] === 'string' ? told[name].slice(0, 80) : '']));

/** The first administrator of a real hospital: whoever reads the console of the server may make it, once. */
export const actions: Actions = {
	default: async ({ request }) => {
		if (await hasAccounts()) redirect(303, '/sign-in');
		const told = Object.fromEntries(await request.formData());
		const parsed = form.safeParse(told);
		if (!parsed.success) return fail(400, { problem: parsed.error.issues[0]?.path[0] === 'password' ? 'password' : 'form', given: kept(told) });
		if (++tries > 20 || !rightCode(parsed.data.code)) return fail(403, { problem: 'code', given: kept(told) });
		const made = await hospital().writer.task('identity-access.first-administrator', {
			id: newId(),
			organization: newId(),
			hospital: parsed.data.hospital,
			username: parsed.data.username,
			name: parsed.data.name,
			passwordHash: await hashPassword(parsed.data.password)
		});
		if (made !== true) redirect(303, '/sign-in');
		delete process.env['TONGPING_SETUP_CODE'];
		redirect(303, '/sign-in');
	}
};
