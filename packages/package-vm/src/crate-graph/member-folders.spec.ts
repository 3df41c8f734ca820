import { isWorkspaceMember } from './member-folders.js';

describe('isWorkspaceMember', () => {
  it.each([
    { reason: 'its own path', pattern: 'crates/a', folder: 'crates/a', answer: true },
    { reason: 'a path with dots and slashes', pattern: './crates//a/', folder: 'crates/a', answer: true },
    { reason: 'a star', pattern: 'crates/*', folder: 'crates/a', answer: true },
    { reason: 'a star, but deeper', pattern: 'crates/*', folder: 'crates/a/b', answer: false },
    { reason: 'a star, at the folder itself', pattern: 'crates/*', folder: 'crates', answer: false },
    { reason: 'a double star at any depth', pattern: '**/a', folder: 'x/y/a', answer: true },
    { reason: 'a double star at no depth', pattern: '**/a', folder: 'a', answer: true },
    { reason: 'a final double star', pattern: 'x/**', folder: 'x/y/z', answer: true },
    { reason: 'a set that is left out', pattern: '[!a]*', folder: 'ab', answer: false },
    { reason: 'characters that regular expressions know', pattern: 'a.b*', folder: 'axb', answer: false },
  ])('knows $reason', ({ pattern, folder, answer }) => {
    expect(isWorkspaceMember(pattern, folder)).toBe(answer);
  });
});
