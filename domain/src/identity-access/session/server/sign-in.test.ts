import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testHospital, verifyAudit, type TestHospital } from '../../../kernel/server/index.ts';
import { served as organization } from '../../../organization/organization/server/index.ts';
import { served as ward } from '../../../organization/ward/server/index.ts';
import { pauseAfter, SESSION } from '../session.ts';
import { holdDemoPassword, hospitalHeld } from './demo.ts';
import { served } from './index.ts';
import { isWeak } from './password.ts';
import { actorOfSession, endSession, lockIdle, lockSession, onSessionEnded, signIn, stepUp, validate } from './sign-in.ts';
import type { IdentityTables } from './tables.ts';
import { db } from '../../../kernel/server/index.ts';

const PASSWORD = 'correct-horse-battery';
const noTouch = { touch: false };

describe('sessions', () => {
	let house: TestHospital;
	beforeEach(async () => {
		process.env['TONGPING_DEMO_PASSWORD'] = PASSWORD;
		house = await testHospital([organization, ward, served], { seedAt: Date.now() });
	});
	afterEach(async () => {
		vi.useRealTimers();
		await house.close();
	});
	const enter = async (username = 'nurse1') => {
		const result = await signIn({ username, password: PASSWORD }, '127.0.0.1');
		if (!result.ok) throw new Error(result.code);
		return result;
	};

	it('lets a person in and knows role and wards', async () => {
		const { token } = await enter();
		const validated = await validate(token, noTouch);
		expect(validated).toMatchObject({ ok: true, actor: { name: '王思齐', role: 'nurse' } });
	});

	it('knows the browser a session began in, for as long as the session lives; a program has none', async () => {
		const [here, other] = [await signIn({ username: 'nurse1', password: PASSWORD }, '127.0.0.1', 'device-1'), await enter('nurse2')];
		if (!here.ok) throw new Error(here.code);
		expect(here.actor.device).toBe('device-1');
		expect(await validate(here.token, noTouch)).toMatchObject({ ok: true, actor: { device: 'device-1' } });
		expect((await actorOfSession(here.actor.session))?.device).toBe('device-1');
		expect(other.actor).not.toHaveProperty('device');
	});

	it('stores only the hash of a token and argon2id of a password', async () => {
		const { token } = await enter();
		const everything = JSON.stringify([
			await db<IdentityTables>().selectFrom('session').selectAll().execute(),
			await db<IdentityTables>().selectFrom('user_account').selectAll().execute()
		]);
		expect(everything).not.toContain(token);
		expect(everything).not.toContain(PASSWORD);
		const { password_hash } = await db<IdentityTables>().selectFrom('user_account').select('password_hash').limit(1).executeTakeFirstOrThrow();
		const [, memory, passes] = /\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$/u.exec(password_hash)!;
		expect(Number(memory)).toBeGreaterThanOrEqual(19_456);
		expect(Number(passes)).toBeGreaterThanOrEqual(2);
		expect(isWeak('$argon2id$v=19$m=4096,t=1,p=1$x$y')).toBe(true);
	});

	it('answers a wrong name and a wrong password alike, and pauses both', async () => {
		for (const username of ['nurse1', 'nobody-here']) {
			for (let i = 0; i < SESSION.freeFailures; i++)
				expect(await signIn({ username, password: 'wrong' }, '127.0.0.9')).toEqual({ ok: false, code: 'sign-in-refused' });
			expect(await signIn({ username, password: 'wrong' }, '127.0.0.9')).toMatchObject({ ok: false, code: 'sign-in-paused' });
		}
		// The pause is for this address: the person at the next PC is not locked out by somebody's guessing.
		expect((await signIn({ username: 'nurse1', password: PASSWORD }, '127.0.0.10')).ok).toBe(true);
	});

	it('gives many tries at once no more answers than tries in a row', async () => {
		const tries = await Promise.all(
			Array.from({ length: 24 }, (_, i) => signIn({ username: 'nurse1', password: i === 23 ? PASSWORD : `guess-${i}` }, '127.0.0.11'))
		);
		expect(tries.filter((each) => each.ok)).toHaveLength(0);
		expect(tries.filter((each) => !each.ok && each.code === 'sign-in-paused').length).toBe(24 - SESSION.freeFailures);
	});

	it('the password a later start prints opens the demo accounts, and ends what the former one opened', async () => {
		expect(await hospitalHeld()).toBe('demo');
		const [before, other] = [await enter(), await signIn({ username: 'nurse2', password: PASSWORD }, '127.0.0.1')];
		if (!other.ok) throw new Error(other.code);
		await holdDemoPassword(PASSWORD);
		expect(await validate(before.token, noTouch)).toMatchObject({ ok: true });
		await holdDemoPassword('another-horse-2026');
		expect(await validate(before.token, noTouch)).toMatchObject({ ok: false });
		expect(await signIn({ username: 'nurse1', password: PASSWORD }, '127.0.0.2')).toMatchObject({ ok: false });
		expect(await signIn({ username: 'nurse1', password: 'another-horse-2026' }, '127.0.0.3')).toMatchObject({ ok: true });
		expect((await verifyAudit(house.hospital.reader)).brokenAt).toBeNull();
	});

	it('grows the pause and bounds it', () => {
		expect([4, 5, 6, 40].map(pauseAfter)).toEqual([0, 30_000, 60_000, SESSION.longestPauseMs]);
	});

	it('ends at once, everywhere', async () => {
		const { token, actor } = await enter();
		const ended: string[] = [];
		const off = onSessionEnded((session) => ended.push(session));
		await endSession(actor.session, actor);
		off();
		expect(await validate(token, noTouch)).toMatchObject({ ok: false, why: 'absent' });
		expect(await actorOfSession(actor.session)).toBeNull();
		expect(ended).toEqual([actor.session]);
	});

	it('locks when nobody touches it, opens with the password under a new token, and is over after a shift', async () => {
		const { token } = await enter();
		const start = Date.now();
		vi.useFakeTimers({ now: start + SESSION.idleMs.ward + 1000, toFake: ['Date'] });
		expect(await validate(token, noTouch)).toMatchObject({ ok: false, why: 'locked' });
		expect(await stepUp(token, 'wrong')).toEqual({ ok: false, code: 'sign-in-refused' });
		const again = await stepUp(token, PASSWORD);
		expect(again).toMatchObject({ ok: true });
		if (!again.ok) return;
		expect(again.token).not.toBe(token);
		expect(await validate(again.token, noTouch)).toMatchObject({ ok: true });
		vi.setSystemTime(Date.now() + 11_000);
		expect(await validate(token, noTouch)).toMatchObject({ ok: false, why: 'absent' });
		vi.setSystemTime(start + SESSION.absoluteMs + 1);
		expect(await validate(again.token, noTouch)).toMatchObject({ ok: false, why: 'expired' });
	});

	it.each([
		['ward', 5 * 60_000],
		['office', 15 * 60_000]
	] as const)('keeps a session at a %s PC open for its limit and no longer; a timer is no person', async (place, limit) => {
		const start = Date.now();
		vi.useFakeTimers({ now: start, toFake: ['Date'] });
		const entered = await signIn({ username: 'nurse1', password: PASSWORD, place }, '127.0.0.1');
		if (!entered.ok) throw new Error(entered.code);
		vi.setSystemTime(start + limit);
		expect(await validate(entered.token, noTouch)).toMatchObject({ ok: true, place });
		expect(await lockIdle()).toBe(0);
		vi.setSystemTime(start + limit - 1000);
		expect(await validate(entered.token, { touch: true })).toMatchObject({ ok: true });
		for (let polled = 1; polled <= 10; polled++) {
			vi.setSystemTime(start + limit - 1000 + (polled * limit) / 10);
			expect((await validate(entered.token, noTouch)).ok).toBe(true);
			expect(await actorOfSession(entered.actor.session)).not.toBeNull();
		}
		const ended: string[] = [];
		const off = onSessionEnded((session) => ended.push(session));
		vi.setSystemTime(start + 2 * limit);
		expect(await validate(entered.token, { touch: true })).toMatchObject({ ok: false, why: 'locked' });
		expect(await actorOfSession(entered.actor.session)).toBeNull();
		expect(await lockIdle()).toBe(1);
		expect(await lockIdle()).toBe(0);
		off();
		expect(ended).toEqual([entered.actor.session]);
	});

	it('takes a PC nobody described for a shared one, and a program for none', async () => {
		const [nurse, program] = [await enter(), await signIn({ username: 'nurse1', password: PASSWORD, kind: 'token' }, '127.0.0.1')];
		if (!program.ok) throw new Error(program.code);
		expect(await validate(nurse.token, noTouch)).toMatchObject({ place: 'ward' });
		expect(await validate(program.token, noTouch)).toMatchObject({ place: 'office' });
	});

	it('locks at once when the person leaves the PC', async () => {
		const { token, actor } = await enter();
		await lockSession(actor.session);
		expect(await validate(token, { touch: true })).toMatchObject({ ok: false, why: 'locked' });
		expect((await stepUp(token, PASSWORD)).ok).toBe(true);
	});

	it('never lets a planted token in and keeps the audit chain', async () => {
		expect(await validate('a'.repeat(32), noTouch)).toMatchObject({ ok: false, why: 'absent' });
		await enter();
		await signIn({ username: 'nurse1', password: 'wrong' }, '127.0.0.1');
		expect(await verifyAudit(house.hospital.reader)).toEqual({ rows: 2, brokenAt: null });
	});
});
