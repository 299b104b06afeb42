// `npm run new:module <context>/<module>`: a slice that compiles, is checked and does one small thing, to be changed into what you meant.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const pascal = (name: string): string => camel(`-${name}`);

/** The files of a new slice, by path; contexts that exist are left as they are. */
export function sliceFiles(context: string, module: string, contextExists: boolean): ReadonlyMap<string, string> {
	const id = `${context}.${module}`;
	const table = `${context}_${module}`.replaceAll('-', '_');
	const Name = pascal(module);
	const domain = `domain/src/${context}`;
	const slice = `${domain}/${module}`;
	const web = `web/src/modules/${context}/${module}/i18n`;
	const files: Record<string, string> = {
		[`${slice}/face.ts`]: `import { face } from '../../kernel/index.ts';\nexport default face({ id: '${id}' });\n`,
		[`${slice}/${module}.ts`]: `// What this module is. Who uses it. What it must never do.
import { z } from 'zod';
import { isId, type PatientId } from '../../kernel/index.ts';

export const recordSchema = z.strictObject({ patient: z.custom<PatientId>(isId, 'patient id'), text: z.string().trim().min(1).max(200) });
export interface Record${Name} extends z.output<typeof recordSchema> {}
export interface ${Name}Recorded { readonly type: '${id}.recorded'; readonly id: string; readonly patient: PatientId; readonly text: string }
/** What is already there, as far as the decision needs it. */
export interface ${Name}State { readonly patient: PatientId | null; readonly texts: readonly string[] }
`,
		[`${slice}/decide.ts`]: `import { ok, refuse, type Facts, type Refusal, type Result } from '../../kernel/index.ts';
import type { ${Name}Recorded, ${Name}State, Record${Name} } from './${module}.ts';

export function decideRecord(state: ${Name}State, input: Record${Name}, facts: Facts): Result<readonly ${Name}Recorded[], Refusal> {
	if (state.texts.includes(input.text)) return refuse('${module}-already-recorded', { text: input.text });
	return ok([{ type: '${id}.recorded', id: facts.newId(), patient: input.patient, text: input.text }]);
}
`,
		[`${slice}/policy.ts`]: `import { isDoctor, isNurse, type Actor } from '../../kernel/index.ts';\n\nexport const mayRecord${Name} = (actor: Actor): boolean => isDoctor(actor) || isNurse(actor);\n`,
		[`${slice}/commands.ts`]: `import { command } from '../../kernel/index.ts';
import { decideRecord } from './decide.ts';
import { mayRecord${Name} } from './policy.ts';
import { recordSchema, type ${Name}Recorded, type ${Name}State, type Record${Name} } from './${module}.ts';

export const record${Name} = command<Record${Name}, ${Name}State, ${Name}Recorded>()({
	name: '${id}.record', schema: recordSchema, patient: (input) => input.patient, patientOf: (state) => state.patient, policy: (actor) => mayRecord${Name}(actor), decide: decideRecord
});
`,
		[`${slice}/decide.test.ts`]: `import { expect, test } from 'vitest';
import type { Facts, PatientId } from '../../kernel/index.ts';
import { decideRecord } from './decide.ts';

const patient = 'p' as PatientId;
const facts: Facts = { now: 0, actor: {} as never, newId: () => 'new' };

test('a new text is recorded, the same one is refused by name', () => {
	expect(decideRecord({ patient, texts: [] }, { patient, text: 'a' }, facts)).toMatchObject({ ok: true, value: [{ text: 'a' }] });
	expect(decideRecord({ patient, texts: ['a'] }, { patient, text: 'a' }, facts)).toMatchObject({ ok: false, refusal: { code: '${module}-already-recorded', facts: { text: 'a' } } });
});
`,
		[`${slice}/server/index.ts`]: `import type { PatientId } from '../../../kernel/index.ts';
import { handle, tables, type Served } from '../../../kernel/server/index.ts';
import { record${Name} } from '../commands.ts';

interface ${Name}Tables { ${table}: { id: string; organization: string; patient: string; text: string; at: number; by: string } }

export const served: Served = {
	id: '${id}',
	migrations: [{ id: '${context}/${module}/1', sql: [\`create table ${table} (id text primary key, organization text not null, patient text not null references patient (id), text text not null, at integer not null, by text not null, unique (patient, text))\`] }],
	handlers: [
		handle(record${Name}, {
			async load(trx, input) {
				const rows = await tables<${Name}Tables>(trx).selectFrom('${table}').select('text').where('patient', '=', input.patient).execute();
				return { patient: input.patient as PatientId, texts: rows.map((row) => row.text) };
			},
			async save(trx, events, { actor, now }) {
				for (const event of events) await tables<${Name}Tables>(trx).insertInto('${table}').values({ id: event.id, organization: actor.organization, patient: event.patient, text: event.text, at: now, by: actor.name }).execute();
			}
		})
	]
};
`,
		[`${web}/zh-CN.ts`]: `import type { RefusalFacts } from '@tongping/domain/kernel';\n\nexport const refusals: Record<string, (facts: RefusalFacts) => string> = { '${module}-already-recorded': ({ text }) => \`“\${text}”已经记录过，不必再记。\` };\n`,
		[`${web}/en.ts`]: `import type { refusals as zhRefusals } from './zh-CN.ts';\n\nexport const refusals: typeof zhRefusals = { '${module}-already-recorded': ({ text }) => \`“\${text}” is on record already. Nothing needs to be done.\` };\n`
	};
	if (!contextExists) {
		files[`${domain}/context.ts`] = `export const context = { id: '${context}', dependsOn: ['organization', 'patient'] } as const;\n`;
		files[`${domain}/index.ts`] = `export * from './${module}/${module}.ts';\nexport * from './${module}/commands.ts';\n`;
		files[`${domain}/server.ts`] = `export { served } from './${module}/server/index.ts';\n`;
	}
	return new Map(Object.entries(files));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const [context, module] = /^([a-z]+(?:-[a-z]+)*)\/([a-z]+(?:-[a-z]+)*)$/u.exec(process.argv[2] ?? '')?.slice(1) ?? [];
	if (context === undefined || module === undefined) {
		console.error('npm run new:module <context>/<module>, for instance laboratory/specimen: lower case, words joined by hyphens.');
		process.exitCode = 1;
	} else if (existsSync(join(ROOT, 'domain/src', context, module))) {
		console.error(`domain/src/${context}/${module} is there already.`);
		process.exitCode = 1;
	} else {
		const contextExists = existsSync(join(ROOT, 'domain/src', context, 'context.ts'));
		for (const [path, text] of sliceFiles(context, module, contextExists)) {
			const target = join(ROOT, path);
			mkdirSync(dirname(target), { recursive: true });
			writeFileSync(target, await format(text, { ...(await resolveConfig(target)), filepath: path }));
			console.log(path);
		}
		console.log(
			`\nNow \`npm run registries\`${contextExists ? `, and open the module in domain/src/${context}/index.ts` : ''}. Each command needs an example in docs/api.md.`
		);
	}
}
