import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { STEP_UP_MS, db, testHospital, verifyAudit, type TestHospital } from '../../kernel/server/index.ts';
import type { Actor, Outcome } from '../../kernel/index.ts';
import { demoPerson, demoWards } from '../../organization/index.ts';
import { served as organization } from '../../organization/organization/server/index.ts';
import { served as ward } from '../../organization/ward/server/index.ts';
import { served as session } from '../session/server/index.ts';
import { actorOfSession, signIn, stepUp, validate } from '../session/server/sign-in.ts';
import type { IdentityTables } from '../session/server/tables.ts';
import { offerPassword } from './server/accounts.ts';
import { served } from './server/index.ts';

const PASSWORD = 'correct-horse-battery';
const NEXT = 'another-long-password';
const code = (outcome: Outcome): string => (outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind);

describe('accounts', () => {
	let house: TestHospital;
	let admin: Actor;
	const nurse = demoPerson('nurse1').id;
	beforeEach(async () => {
		process.env['TONGPING_DEMO_PASSWORD'] = PASSWORD;
		house = await testHospital([organization, ward, session, served], { seedAt: Date.now() });
		admin = (await enter('admin1')).actor;
	});
	afterEach(() => house.close());
	const enter = async (username: string, password = PASSWORD) => {
		const entered = await signIn({ username, password }, '127.0.0.1');
		if (!entered.ok) throw new Error(entered.code);
		return entered;
	};
	const act = (command: string, input: unknown, actor: Actor = admin) => house.execute(`identity-access.account.${command}`, input, actor);

	const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
		['disable', async () => ({ user: nurse })],
		['change-role', async () => ({ user: nurse, role: 'head-nurse', wards: [demoWards.male] })],
		['change-role', async () => ({ user: nurse, role: 'nurse', wards: [] })],
		['reset-password', async () => ({ user: nurse, offer: await offerPassword(nurse, admin.user, NEXT) })]
	];
	it.each(changes)('%s: every token of the person is dead in the same commit, those of others live on', async (command, input) => {
		const [one, two, other] = [await enter('nurse1'), await enter('nurse1'), await enter('nurse2')];
		expect(code(await act(command, await input()))).toBe('done');
		for (const { token, actor } of [one, two]) {
			expect(await validate(token, { touch: true })).toMatchObject({ ok: false, why: 'absent' });
			expect(await actorOfSession(actor.session)).toBeNull();
			expect(await stepUp(token, PASSWORD)).toMatchObject({ ok: false, code: 'signed-out' });
		}
		expect((await validate(other.token, { touch: false })).ok).toBe(true);
	});

	it('whoever is disabled does not come in until enabled, and a disabled name answers as any other', async () => {
		await act('disable', { user: nurse });
		expect(await signIn({ username: 'nurse1', password: PASSWORD }, '127.0.0.2')).toEqual({ ok: false, code: 'sign-in-refused' });
		expect(code(await act('disable', { user: nurse }))).toBe('account-disabled-already');
		expect(code(await act('enable', { user: nurse }))).toBe('done');
		expect(code(await act('enable', { user: nurse }))).toBe('account-in-force');
		expect((await enter('nurse1')).actor.role).toBe('nurse');
	});

	it('a new post and new wards hold from the next sign-in', async () => {
		await act('change-role', { user: nurse, role: 'head-nurse', wards: [demoWards.female, demoWards.female] });
		expect((await enter('nurse1')).actor).toMatchObject({ role: 'head-nurse', wards: [demoWards.female] });
		expect(code(await act('change-role', { user: nurse, role: 'nurse', wards: ['nowhere'] }))).toBe('ward-unknown');
	});

	it('a password set by another opens nothing but its change, and is stored in no command, event or audit line', async () => {
		expect(code(await act('reset-password', { user: nurse, offer: await offerPassword(nurse, admin.user, NEXT) }))).toBe('done');
		const { token, actor } = await enter('nurse1', NEXT);
		expect(await validate(token, { touch: true })).toMatchObject({ ok: false, why: 'must-change' });
		expect(await actorOfSession(actor.session)).toBeNull();
		const own = 'only-i-know-this-one';
		expect(code(await act('change-password', { offer: await offerPassword(nurse, nurse, own) }, actor))).toBe('done');
		expect(await validate(token, { touch: true })).toMatchObject({ ok: false, why: 'absent' });
		expect((await validate((await enter('nurse1', own)).token, { touch: false })).ok).toBe(true);
		expect(await signIn({ username: 'nurse1', password: NEXT }, '127.0.0.3')).toMatchObject({ ok: false });
		const rows = await Promise.all(
			['outbox', 'command', 'audit'].map((table) => db<Record<string, Record<string, unknown>>>().selectFrom(table).selectAll().execute())
		);
		for (const secret of [NEXT, own, '$argon2id']) expect(JSON.stringify(rows)).not.toContain(secret);
		expect(await db<IdentityTables>().selectFrom('password_offer').selectAll().execute()).toEqual([]);
		expect((await verifyAudit(house.hospital.reader)).brokenAt).toBeNull();
	});

	it('an offer is for one person, by its maker, once', async () => {
		const offer = await offerPassword(nurse, admin.user, NEXT);
		expect(code(await act('reset-password', { user: demoPerson('nurse2').id, offer }))).toBe('password-offer-gone');
		expect(code(await act('change-password', { offer }, (await enter('nurse1')).actor))).toBe('password-offer-gone');
		expect(code(await act('reset-password', { user: nurse, offer }))).toBe('done');
		expect(code(await act('reset-password', { user: nurse, offer }))).toBe('password-offer-gone');
	});

	it('the last administrator stays one, also when two remove each other at once, and nobody removes themselves', async () => {
		const me = { user: admin.user };
		expect(code(await act('disable', me))).toBe('last-administrator');
		expect(code(await act('change-role', { ...me, role: 'nurse', wards: [] }))).toBe('last-administrator');
		await act('change-role', { user: nurse, role: 'administrator', wards: '*' });
		const second = (await enter('nurse1')).actor;
		expect(code(await act('disable', me))).toBe('own-account');
		const both = await Promise.all([act('disable', { user: second.user }), act('disable', me, second)]);
		expect(both.map(code).toSorted()).toEqual(['done', 'last-administrator']);
	});

	it.each(['disable', 'enable', 'change-role', 'reset-password'])('%s is for administrators who have just proved themselves', async (command) => {
		const input = {
			user: nurse,
			...(command === 'change-role' ? { role: 'nurse', wards: [] } : {}),
			...(command === 'reset-password' ? { offer: 'x'.repeat(12) } : {})
		};
		expect(code(await act(command, input, (await enter('chief1')).actor))).toBe('forbidden');
		expect(code(await act(command, input, { ...admin, steppedUpAt: Date.now() - STEP_UP_MS - 1000 }))).toBe('step-up-needed');
		const stranger = { ...admin, organization: 'another-house' as Actor['organization'] };
		if (command !== 'change-role') expect(code(await act(command, input, stranger))).toBe('account-unknown');
	});
});
