import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Everything on this host that an invoker changes, as text by sort: two of them are equal when it was put back. */
export function hostState(): Readonly<Record<string, string>> {
  const conf = '/proc/sys/net/ipv4/conf'
  return {
    rules: run('nft', 'list', 'ruleset'),
    links: lines(run('ip', '-o', 'link').replaceAll(/^\d+: /gm, '')),
    addresses: lines(run('ip', '-o', 'address').replaceAll(/^\d+: /gm, '')),
    routes: run('ip', 'route', 'show', 'table', 'all'),
    forwarding: ['/proc/sys/net/ipv4/ip_forward', `${conf}/all/accept_redirects`]
      .concat(readdirSync(conf).map((link) => join(conf, link, 'forwarding')))
      .map((file) => `${file}=${readFileSync(file, 'utf8').trim()}`)
      .sort()
      .join('\n'),
    mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
    cgroups: readdirSync('/sys/fs/cgroup')
      .flatMap((name) => children(join('/sys/fs/cgroup', name)))
      .filter((path) => path.includes('warmwhisk'))
      .join('\n'),
    state: existsSync('/run/warmwhisk') ? readdirSync('/run/warmwhisk').join('\n') : '',
  }
}

function children(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name))
  } catch {
    // A file, not a folder.
    return []
  }
}

function run(program: string, ...words: string[]): string {
  return execFileSync(program, words, { encoding: 'utf8' })
}

function lines(text: string): string {
  return text.split('\n').sort().join('\n')
}
