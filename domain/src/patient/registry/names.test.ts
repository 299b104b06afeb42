import { describe, expect, it } from 'vitest';
import { nameLikeness } from './names.ts';
import { searchKey, soundOf } from './server/pinyin.ts';

const named = (name: string) => ({ name, pinyin: soundOf(name).pinyin });

describe('names that can be mistaken', () => {
	it.each([
		['刘洋', '刘洋', 'same'],
		['王芳', '王方', 'near'],
		['陈雨桐', '陈雨彤', 'near'],
		['张伟明', '张伟民', 'near'],
		['李思雨', '李思宁', 'near'],
		['王芳', '王静', null],
		['张伟明', '李伟明', null],
		['沈若溪', '罗小燕', null],
		['刘洋', '刘洋洋', null]
	])('%s and %s: %s', (a, b, likeness) => {
		expect(nameLikeness(named(a), named(b))).toBe(likeness);
		expect(nameLikeness(named(b), named(a))).toBe(likeness);
	});
	it('reads surnames as surnames, and finds by sound, initials and number', () => {
		expect(soundOf('单雄信')).toEqual({ pinyin: 'shan xiong xin', initials: 'sxx' });
		expect(searchKey('沈若溪', soundOf('沈若溪'), 'ZY260001')).toBe('沈若溪|shenruoxi|srx|zy260001');
	});
});
