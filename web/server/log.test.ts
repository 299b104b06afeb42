import { expect, it } from 'vitest';
import { faultOf } from './log.ts';

const PATIENT = '欧阳静怡';
const thrownBy = (act: () => unknown): unknown => {
	try {
		act();
	} catch (error) {
		return error;
	}
	throw new Error('nothing was thrown');
};

it.each<[string, unknown]>([
	['JSON that cannot be read', thrownBy(() => JSON.parse(`${PATIENT} said`))],
	['a message of our own', new Error(`no bed for ${PATIENT}`)],
	['a line that looks like a frame', new Error(`x\n    at ${PATIENT}\n    at ${PATIENT} (file:///a.ts:1:1)`)],
	['a fault of the writer thread, flattened to text', new Error(`TypeError: cannot read ${PATIENT}\n    at save (file:///srv/domain/src/x.ts:3:9)`)],
	['a name chosen by hand', Object.assign(new Error('x'), { name: PATIENT, code: PATIENT })],
	['a string', PATIENT],
	['an object', { patient: PATIENT }]
])('%s reaches the log without its words', (_what, error) => {
	const fault = faultOf(error);
	expect(JSON.stringify(fault)).not.toContain(PATIENT);
	expect(JSON.stringify(fault)).not.toContain('欧阳');
});

it('keeps what helps to find the reason: kind, code of the disk, and the way through the code', () => {
	const flat = new Error(`SqliteError: UNIQUE constraint failed: bed.id SQLITE_CONSTRAINT_UNIQUE\n    at save (file:///srv/domain/src/x.ts:3:9)`);
	expect(faultOf(flat)).toMatchObject({
		name: 'Error',
		code: 'SQLITE_CONSTRAINT_UNIQUE',
		at: expect.arrayContaining(['at save (file:///srv/domain/src/x.ts:3:9)']) as string[]
	});
	expect(faultOf(Object.assign(new TypeError('x'), { code: 'ENOSPC' }))).toMatchObject({ name: 'TypeError', code: 'ENOSPC' });
	expect(faultOf(new Error('x')).at.length).toBeGreaterThan(0);
});
