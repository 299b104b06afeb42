import type { Moment } from '@tongping/domain/kernel/server';

/** `?time=` epoch ms or an ISO time with its zone, `?position=` a row of the log, neither: now. undefined: it cannot be read. */
export function momentOf(parameters: URLSearchParams): Moment | undefined {
	const [time, position] = [parameters.get('time'), parameters.get('position')];
	if (time === null && position === null) return null;
	if (time !== null && position !== null) return undefined;
	const whole = (text: string): number => (/^\d{1,15}$/u.test(text) ? Number(text) : Number.NaN);
	if (position !== null) return Number.isNaN(whole(position)) ? undefined : { position: whole(position) };
	const at = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/u.test(time!) ? Date.parse(time!) : whole(time!);
	return Number.isNaN(at) ? undefined : { time: at };
}
