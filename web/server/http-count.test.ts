import { expect, it } from 'vitest';
import { routeClass } from './http-count.ts';

it.each([
	['/api/commands', 'commands'],
	['/api/session/touch', 'session'],
	['/api/patients?q=%E6%AC%A7', 'api'],
	['/dicomweb/studies/1.2.3', 'dicomweb'],
	['/metrics', 'metrics'],
	['/_app/immutable/x.js', 'assets'],
	['/patients/0190-aa/round/__data.json?x=1', 'data'],
	['/patients/0190-aa', 'page'],
	['/欧阳静怡', 'page'],
	['', 'page']
])('%s is %s: no id and no word of an address becomes a label', (url, expected) => {
	expect(routeClass(url)).toBe(expected);
});
