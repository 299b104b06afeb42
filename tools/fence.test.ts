import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dependsOn, options, rules } from '../.dependency-cruiser.mjs';

type Files = Readonly<Record<string, string>>;
const door = 'export const door = 1;\n';
/** Each guard with a fault that it must catch; a rule without one here fails the last test. */
const faults: Readonly<Record<string, Files>> = {
	'no-circles': {
		'domain/src/inpatient/bed/a.ts': `import './b.ts';\nexport const a = 1;\n`,
		'domain/src/inpatient/bed/b.ts': `import './a.ts';\nexport const b = 1;\n`
	},
	'domain-stands-alone': { 'domain/src/inpatient/bed/bed.ts': `import '../../../../web/src/ui/Button.ts';\n`, 'web/src/ui/Button.ts': door },
	'domain-runs-in-the-browser': { 'domain/src/inpatient/bed/decide.ts': `import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n` },
	'contexts-by-their-doors': {
		'domain/src/inpatient/bed/decide.ts': `import '../../patient/registry/registry.ts';\n`,
		'domain/src/patient/registry/registry.ts': door
	},
	'rooms-not-hospitals': { 'sync-server/src/room.ts': `import '../../domain/src/inpatient/index.ts';\n`, 'domain/src/inpatient/index.ts': door },
	'viewer-shows-images': { 'viewer/src/index.ts': `import '../../web/src/ui/Button.ts';\n`, 'web/src/ui/Button.ts': door },
	'one-importer-of-cornerstone': { 'web/src/modules/imaging/reading/reading.ts': `import '@cornerstonejs/core';\n` },
	'modules-side-by-side': {
		'web/src/modules/inpatient/ward-board/a.ts': `import '../../patient/registry/b.ts';\n`,
		'web/src/modules/patient/registry/b.ts': door
	},
	'routes-modules-kernel-ui': { 'web/src/ui/a.ts': `import '../kernel/dispatch.ts';\n`, 'web/src/kernel/dispatch.ts': door },
	'kernel-below-modules': { 'web/src/kernel/a.ts': `import '../modules/patient/registry/b.ts';\n`, 'web/src/modules/patient/registry/b.ts': door },
	'modules-below-routes': { 'web/src/modules/patient/registry/a.ts': `import '../../../routes/b.ts';\n`, 'web/src/routes/b.ts': door },
	'no-server-door-in-the-browser': {
		'web/src/routes/a.ts': `import { door } from '../../../domain/src/patient/server.ts';\nexport const a = door;\n`,
		'domain/src/patient/server.ts': door
	},
	'journeys-use-the-browser': {
		'e2e/journeys/a.spec.ts': `import '../../domain/src/patient/registry/server/index.ts';\n`,
		'domain/src/patient/registry/server/index.ts': door
	},
	'context-patient': { 'domain/src/patient/registry/registry.ts': `import '../../inpatient/index.ts';\n`, 'domain/src/inpatient/index.ts': door }
};
const allowed: Files = {
	'domain/src/inpatient/bed/decide.ts': `import { door } from '../../patient/index.ts';\nexport const bed = door;\n`,
	'domain/src/patient/index.ts': door,
	'web/src/modules/inpatient/bed/a.ts': `import { bed } from '../../../../../domain/src/inpatient/bed/decide.ts';\nexport const a = bed;\n`,
	'web/src/routes/a.server.ts': `import { server } from '../../../domain/src/patient/server.ts';\nexport const a = server;\n`,
	'domain/src/patient/server.ts': `import { readFileSync } from 'node:fs';\nexport const server = readFileSync;\n`
};
const all = [...rules, dependsOn('patient', []), dependsOn('inpatient', ['patient'])] as IForbiddenRuleType[];

describe('the import fence', () => {
	let folder = '';
	beforeEach(() => {
		folder = realpathSync(mkdtempSync(join(tmpdir(), 'tongping-fence-')));
	});
	afterEach(() => {
		rmSync(folder, { recursive: true });
	});

	async function broken(files: Files): Promise<string[]> {
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(folder, path)), { recursive: true });
			writeFileSync(join(folder, path), text);
		}
		const roots = [...new Set(Object.keys(files).map((path) => path.slice(0, path.indexOf('/'))))];
		const { output } = await cruise(
			roots,
			{ ...options, baseDir: folder, validate: true, ruleSet: { forbidden: all } } as never,
			{
				extensions: ['.ts'],
				conditionNames: ['import']
			} as never
		);
		return (output as ICruiseResult).summary.violations.map((violation) => violation.rule.name);
	}

	test.for(Object.entries(faults))('%s catches its planted fault', async ([name, files]) => {
		expect(await broken(files)).toContain(name);
	});

	test('lets honest imports through', async () => {
		expect(await broken(allowed)).toEqual([]);
	});

	test('every rule has a planted fault and speaks in a sentence', () => {
		for (const rule of rules) {
			expect(Object.keys(faults)).toContain(rule.name);
			expect(rule.comment).toMatch(/\.$/);
		}
	});
});
