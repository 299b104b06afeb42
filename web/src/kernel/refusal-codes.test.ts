import { expect, it } from 'vitest';

type Refusals = Readonly<Record<string, unknown>>;
const files = import.meta.glob<{ readonly refusals?: Refusals }>('../modules/*/*/i18n/*.ts', { eager: true });

/** All modules share one dictionary: of two sentences under one code the reader would get the last, whatever was refused. */
it.each(['zh-CN', 'en'])('no code has two sentences (%s)', (locale) => {
	const owners = new Map<string, string[]>();
	for (const [file, { refusals }] of Object.entries(files).filter(([name]) => name.endsWith(`/${locale}.ts`)))
		for (const code of Object.keys(refusals ?? {})) owners.set(code, [...(owners.get(code) ?? []), file]);
	expect(owners.size).toBeGreaterThan(50);
	expect([...owners].filter(([, all]) => all.length > 1)).toEqual([]);
});
