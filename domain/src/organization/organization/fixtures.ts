import type { OrganizationId, Role, UserId, WardId } from '../../kernel/index.ts';
import type { Organization } from './organization.ts';
import { fixtureId } from './fixture-id.ts';

export const demoOrganization: Organization = {
	id: fixtureId<'organization'>('organization/demo') satisfies OrganizationId,
	name: '同屏示范精神专科医院',
	englishName: 'Tongping Demonstration Psychiatric Hospital'
};

/** 精神科男病区, 精神科女病区, 急诊留观. */
export const demoWards = {
	male: fixtureId<'ward'>('ward/male'),
	female: fixtureId<'ward'>('ward/female'),
	emergency: fixtureId<'ward'>('ward/emergency')
} as const satisfies Record<string, WardId>;

export interface StaffMember {
	readonly id: UserId;
	readonly organization: OrganizationId;
	readonly username: string;
	readonly name: string;
	readonly role: Role;
	readonly wards: readonly WardId[] | '*';
}
const person = (username: string, name: string, role: Role, wards: StaffMember['wards']): StaffMember => ({
	id: fixtureId<'user'>(`user/${username}`),
	organization: demoOrganization.id,
	username,
	name,
	role,
	wards
});
const { male, female, emergency } = demoWards;

/** Whom the demo hospital names at its door: one of each role to try. */
export const staff: readonly StaffMember[] = [
	person('nurse1', '王思齐', 'nurse', [male]),
	person('nurse2', '赵文博', 'nurse', [male]),
	person('headnurse1', '李秀兰', 'head-nurse', [male, female]),
	person('resident1', '李晨', 'resident', [male]),
	person('resident2', '许知远', 'resident', [female]),
	person('attending1', '陈书遥', 'attending', [male, female]),
	person('chief1', '罗景行', 'chief', [male, female, emergency]),
	person('pharmacist1', '顾临川', 'pharmacist', '*'),
	person('radiologist1', '姚行之', 'radiologist', '*'),
	person('radiologist2', '秦越', 'reviewing-radiologist', '*'),
	person('admin1', '周以宁', 'administrator', '*')
];

/** Their colleagues: the rest of the team of each ward, with accounts like theirs, only not on the printed list of whom to try. */
export const colleagues: readonly StaffMember[] = [
	person('nurse-hj', '何静', 'nurse', [female]),
	person('nurse-tym', '唐雨眠', 'nurse', [female]),
	person('nurse-gb', '高斌', 'nurse', [emergency]),
	person('nurse-mxy', '马晓燕', 'nurse', [emergency]),
	person('headnurse-xl', '徐岚', 'head-nurse', [emergency]),
	person('resident-zqm', '周启明', 'resident', [male]),
	person('resident-fh', '方惠', 'resident', [emergency]),
	person('attending-ly', '陆远', 'attending', [male]),
	person('attending-sq', '孙清', 'attending', [female, emergency])
];

export function demoPerson(username: string): StaffMember {
	const found = [...staff, ...colleagues].find((member) => member.username === username);
	if (found === undefined) throw new Error(`nobody in the demo hospital is called ${username}`);
	return found;
}
