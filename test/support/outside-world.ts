import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { outlivesTests } from './leak-check.ts'
import { type TempDirectory, tempDirectory } from './temp-directory.ts'

/**
 * A network beyond this host: a namespace of its own with a server on port 7000 that answers with the caller's address. It
 * knows no way to the containers' subnet unless `learnRoute` tells it one.
 */
export interface OutsideWorld {
  /** This host's address on the link. */
  readonly host: string
  readonly address: string
  /** Also has the address of a cloud's metadata service, which the host routes to it. */
  readonly linkLocal: string
  learnRoute(subnet: string): void
  /** Runs Python there and gives what it printed. */
  python(source: string): Promise<string>
  remove(): Promise<void>
}

const HOST = '203.0.113.1'
const ADDRESS = '203.0.113.2'
const LINK_LOCAL = '169.254.169.254'

/** Makes the network. Needs root. */
export async function outsideWorld(): Promise<OutsideWorld> {
  const folder = await tempDirectory()
  const file = join(folder.path, 'net')
  const link = `wo${process.pid}`
  writeFileSync(file, '')
  execFileSync('unshare', [`--net=${file}`, 'ip', '-batch', '-'], {
    input: [
      'link set lo up',
      `link add eth0 type veth peer name ${link} netns ${process.pid}`,
      `addr add ${ADDRESS}/24 dev eth0`,
      `addr add ${LINK_LOCAL}/32 dev eth0`,
      'link set eth0 up',
    ].join('\n'),
  })
  execFileSync('ip', ['-batch', '-'], {
    input: [
      `addr add ${HOST}/24 dev ${link}`,
      `link set ${link} up`,
      `route add ${LINK_LOCAL} dev ${link} src ${HOST}`,
    ].join('\n'),
  })
  const server = spawn(
    'nsenter',
    [`--net=${file}`, '/usr/bin/python3', join(import.meta.dirname, 'outside-server.py')],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  outlivesTests(server.pid ?? 0)
  await once(server.stdout, 'data')
  return {
    host: HOST,
    address: ADDRESS,
    linkLocal: LINK_LOCAL,
    learnRoute: (subnet) => execFileSync('nsenter', [`--net=${file}`, 'ip', 'route', 'add', subnet, 'via', HOST]),
    python: async (source) => pythonIn(file, source),
    remove: async () => {
      // At once: the kernel removes it with its namespace, but at its leisure.
      execFileSync('ip', ['link', 'delete', link])
      await remove(server, folder, file)
    },
  }
}

async function pythonIn(file: string, source: string): Promise<string> {
  const child = spawn('nsenter', [`--net=${file}`, '/usr/bin/python3', '-c', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  await once(child, 'close')
  return printed.trim()
}

async function remove(server: ChildProcess, folder: TempDirectory, file: string): Promise<void> {
  server.kill('SIGKILL')
  await once(server, 'close')
  execFileSync('umount', [file])
  rmSync(file)
  await folder.remove()
}
