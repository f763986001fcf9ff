import { join } from 'node:path'
import { type Finding, isAtLeast, type Patient, type Thing } from './thing.ts'

const isolation = 'containers cannot be isolated: only the factory "process" works'

/** The line that installs packages on Debian and Ubuntu. */
function install(...packages: readonly string[]): string {
  return `apt-get install --yes --no-install-recommends ${packages.join(' ')}`
}

/** A program that says its version, which must be at least `least`. */
function program(
  command: readonly string[],
  thing: Omit<Thing, 'probe'> & { readonly least?: readonly number[] },
): Thing {
  const { least, ...rest } = thing
  return {
    ...rest,
    probe: async ({ machine }) => {
      const said = await machine.versionOf(command)
      if (said === undefined) return { isThere: false, found: 'not found' }
      const isThere = least === undefined || isAtLeast(said, least)
      return { isThere, found: isThere ? said : `${said}: ${least?.join('.')} or newer is needed` }
    },
  }
}

/** The programs that it uses. */
export const programThings: readonly Thing[] = [
  {
    what: 'Node.js',
    isNeeded: true,
    without: 'nothing runs',
    remedy: 'Install Node.js 20.19 or newer',
    probe: async ({ machine }) => ({ isThere: isAtLeast(machine.nodeVersion, [20, 19]), found: machine.nodeVersion }),
  },
  program(['runc', '--version'], {
    what: 'runc',
    isNeeded: true,
    without: isolation,
    remedy: install('runc'),
    least: [1, 1],
  }),
  program(['catatonit', '--version'], {
    what: 'catatonit',
    isNeeded: true,
    without: isolation,
    remedy: install('catatonit'),
  }),
  program(['nft', '--version'], {
    what: 'nft',
    isNeeded: true,
    without: 'containers get no network',
    remedy: install('nftables'),
  }),
  program(['ip', '-Version'], {
    what: 'ip',
    isNeeded: true,
    without: 'containers get no network',
    remedy: install('iproute2'),
  }),
  program(['unshare', '--version'], {
    what: 'unshare',
    isNeeded: true,
    without: 'containers get no network',
    remedy: install('util-linux'),
  }),
  program(['/usr/bin/python3', '--version'], {
    what: 'Python',
    isNeeded: false,
    without: 'no python kind is offered',
    remedy: install('python3'),
  }),
  criu(),
  program(['java', '-version'], {
    what: 'Java',
    isNeeded: false,
    without: '"warmwhisk kafka" and the tests have no broker',
    remedy: install('openjdk-17-jre-headless', 'maven'),
    least: [17],
  }),
]

/** The one that `prepare` unpacked, where the system's is too old (docs/decisions). */
function criu(): Thing {
  return {
    what: 'CRIU',
    isNeeded: false,
    without: 'actions of Node.js start without dependency images',
    remedy: 'Install CRIU 4.1 or newer, or run "npm start" as root on Debian, which unpacks one',
    probe: async ({ machine, toolsDirectory }: Patient): Promise<Finding> => {
      const said: string[] = []
      for (const program of [join(toolsDirectory, 'criu/criu'), 'criu']) {
        const version = await machine.versionOf([program, '--version'])
        if (version === undefined) continue
        if (isAtLeast(version, [4, 1])) return { isThere: true, found: `${version} (${program})` }
        said.push(`${version} (${program}): 4.1 or newer is needed`)
      }
      return { isThere: false, found: said[0] ?? 'not found' }
    },
  }
}
