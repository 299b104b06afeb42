import { expect, it } from 'vitest';
import { STEP_UP_MS, testHospital } from '../kernel/server/index.ts';
import type { Actor } from '../kernel/index.ts';
import { demoPerson } from '../organization/index.ts';
import { registry } from '../registry.ts';

/** Every command that asks for a fresh proof, also one written tomorrow. `/api/commands` answers this refusal with 403. */
const proved = registry.flatMap((served) => served.handlers ?? []).flatMap(({ command }) => (command.stepUp === true ? [command.name] : []));

it('no command that needs a fresh proof of the person is judged, or even read, without it', async () => {
	expect(proved).toEqual(
		expect.arrayContaining([
			'clinical-document.note.sign',
			'identity-access.account.disable',
			'identity-access.account.enable',
			'identity-access.account.change-role',
			'identity-access.account.reset-password',
			'identity-access.account.change-password'
		])
	);
	const house = await testHospital(registry);
	try {
		const { id, name, organization } = demoPerson('chief1');
		const base = { user: id, name, organization, wards: '*', session: 'x' } as const;
		for (const role of ['chief', 'administrator', 'reviewing-radiologist'] as const)
			for (const command of proved) {
				const stale: Actor = { ...base, role, steppedUpAt: Date.now() - STEP_UP_MS - 1000 };
				expect.soft(await house.execute(command, {}, stale), command).toEqual({ kind: 'refused', refusal: { code: 'step-up-needed', facts: {} } });
				expect.soft((await house.execute(command, {}, { ...stale, steppedUpAt: Date.now() })).kind, `${command}, proved`).toBe('invalid');
			}
	} finally {
		await house.close();
	}
});
