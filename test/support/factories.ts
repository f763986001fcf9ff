import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { systemClock } from '../../invoker/adapters/clock/system-clock.ts'
import { LinuxKernel } from '../../invoker/adapters/kernel/linux.ts'
import { PipeLogs } from '../../invoker/adapters/output/pipe-logs.ts'
import { ProcessFactory } from '../../invoker/adapters/process/factory.ts'
import { RuncFactory } from '../../invoker/adapters/runc/factory.ts'
import { defaultConfinement, type NetworkOptions, type RuncOptions } from '../../invoker/adapters/runc/options.ts'
import type { RuntimeLaunch } from '../../invoker/domain/runtime-launch.ts'
import type { OpenLogs } from '../../invoker/ports/containers.ts'
import { aLog } from './a-log.ts'
import { tinyLaunch } from './tiny-runtime.ts'

/** The kernel of this test run; it takes orphans for as long as the run lasts. */
export const kernel = new LinuxKernel()

/** Reads containers' output as the product does. */
export const openLogs: OpenLogs = (pipes) => new PipeLogs({ ...pipes, clock: systemClock, maxBytes: 4 * 1024 * 1024 })

const seccompFile = resolve(import.meta.dirname, '../../deploy/seccomp/profile.json')

/** The seccomp profile of this machine's architecture. */
export function seccompProfile(): object {
  return JSON.parse(readFileSync(seccompFile, 'utf8'))[process.arch]
}

/** A network as the product's default, with a small pool. */
export const aNetwork: NetworkOptions = {
  subnet: '10.87.0.0/16',
  ready: 2,
  dnsServers: [],
  dnsSearch: [],
  dnsOptions: [],
}

let counter = 0

/** An instance name that nobody else has. */
export function anInstance(): string {
  counter += 1
  return `wskt${process.pid}x${counter}`
}

const launchOf = (kind: string): RuntimeLaunch | undefined => {
  if (kind === 'tiny') return tinyLaunch
  return kind === 'broken' ? { ...tinyLaunch, command: ['/usr/bin/no-such-program'] } : undefined
}

/** A factory of runc containers without a network. Start and stop it. */
export function aRuncFactory(more: Partial<RuncOptions> = {}): RuncFactory {
  return new RuncFactory({
    instance: anInstance(),
    stateDir: '/run/warmwhisk',
    launchOf,
    seccomp: seccompProfile(),
    confinement: defaultConfinement,
    network: undefined,
    parallelStarts: 10,
    kernel,
    openLogs,
    log: aLog(),
    ...more,
  })
}

/** A factory of plain processes. Start and stop it. */
export function aProcessFactory(instance = anInstance()): ProcessFactory {
  return new ProcessFactory({
    instance,
    stateDir: `${tmpdir()}/warmwhisk`,
    launchOf,
    kernel,
    openLogs,
    log: aLog(),
  })
}

/** Why runc containers cannot be made here, or undefined. */
export function whyNoRunc(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root'
  try {
    execFileSync('runc', ['--version'], { stdio: 'ignore' })
    execFileSync('catatonit', ['--version'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'needs runc and catatonit'
  }
}

/** Skips the suite or the test, and prints why. */
export function skip(context: Mocha.Context, why: string): never {
  process.stderr.write(`      skipped: ${why}\n`)
  return context.skip()
}
