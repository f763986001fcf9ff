import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Confinement } from './options.ts'

/**
 * Directories that something is mounted on, or that programs expect to be there, with their modes: runc gives the mode of the
 * directory to a tmpfs that it mounts there.
 */
const directories = [
  ...['dev', 'etc', 'node_modules', 'opt', 'proc', 'run', 'sys', 'usr', 'var', 'var/tmp'].map((name) => ({
    name,
    mode: 0o755,
  })),
  { name: 'tmp', mode: 0o1777 },
  { name: 'work', mode: 0o700 },
]
/** As on a Debian with merged /usr. */
const links = ['bin', 'lib', 'lib32', 'lib64', 'sbin']
/** Files of /etc that programs read and that hold nothing secret; copied, since they may be replaced while containers live. */
const copied = ['ld.so.cache', 'localtime', 'timezone', 'mime.types', 'protocols', 'services', 'ssl/openssl.cnf']

/**
 * Makes the root directory that all containers of this invoker share, read-only: directories to mount on, and an /etc of our
 * own. No file of it is secret or belongs to one container.
 */
export async function makeRootfs(
  root: string,
  { confinement, resolvConf }: { readonly confinement: Confinement; readonly resolvConf: string },
): Promise<void> {
  const { uid, gid } = confinement
  for (const { name, mode } of directories) {
    await mkdir(join(root, name), { recursive: true })
    // Not by mkdir, which the umask of this process would change.
    await chmod(join(root, name), mode)
  }
  for (const name of links.filter((link) => existsSync(`/usr/${link}`))) await symlink(`usr/${name}`, join(root, name))
  const etc = join(root, 'etc')
  await mkdir(join(etc, 'ssl'))
  const made = {
    passwd: `root:x:0:0:root:/:/usr/sbin/nologin\nwhisk:x:${uid}:${gid}:whisk:/work:/bin/sh\n`,
    group: `root:x:0:\nwhisk:x:${gid}:\n`,
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
    'resolv.conf': resolvConf,
    hosts: '',
  }
  for (const [name, text] of Object.entries(made)) await writeFile(join(etc, name), text, { mode: 0o644 })
  for (const name of copied) await copy(join('/etc', name), join(etc, name))
  // Debian's python3 reads its sitecustomize.py through a link into /etc.
  for (const name of ['python3', 'python3.11', 'python3.12', 'python3.13'])
    await copy(`/etc/${name}`, join(etc, basename(name)))
}

async function copy(from: string, to: string): Promise<void> {
  if (existsSync(from)) await cp(from, to, { recursive: true, dereference: true })
}
