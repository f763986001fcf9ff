import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether an Authorization header carries these Basic credentials. Takes the same time however much of them is right. */
export function hasCredentials(header: string | undefined, wanted: { username: string; password: string }): boolean {
  const [scheme = '', encoded = ''] = (header ?? '').split(' ')
  if (scheme.toLowerCase() !== 'basic') return false
  const given = Buffer.from(encoded, 'base64').toString('utf8')
  return timingSafeEqual(digest(given), digest(`${wanted.username}:${wanted.password}`))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
