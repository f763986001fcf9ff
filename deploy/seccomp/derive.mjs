#!/usr/bin/env node
// Derives profile.json from moby's default profile, for processes without capabilities:
//   node deploy/seccomp/derive.mjs [default.json]
// The source is test/support/recorded/moby-seccomp.json: profiles/seccomp/default.json of moby 20.10.24 (Apache License 2.0), which
// Debian packs in golang-github-docker-docker-dev, with a gigabyte of others. docs/security.md says what is left out, and why.
import { readFileSync } from 'node:fs'
import path from 'node:path'

const source = path.resolve(import.meta.dirname, '../../test/support/recorded/moby-seccomp.json')

/** Per architecture of Node: what moby's rules and what libseccomp call it. */
const architectures = {
  x64: { moby: 'amd64', libseccomp: 'SCMP_ARCH_X86_64' },
  arm64: { moby: 'arm64', libseccomp: 'SCMP_ARCH_AARCH64' },
}

/** Allowed by moby, refused here: a function needs none of them, and each has been a way out of a container. */
const refused = /^(io_uring_\w+|ptrace)$/

/** Sockets are allowed by family: AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. */
const families = [1, 2, 10, 16]

/** Whether a rule of moby's applies to a process without capabilities on this architecture. */
function applies({ includes = {}, excludes = {} }, arch) {
  if (includes.caps?.length) return false
  if (includes.arches && !includes.arches.includes(arch)) return false
  return !excludes.arches?.includes(arch)
}

function ociRule({ names, action, args, errnoRet }) {
  return {
    names,
    action,
    ...(args?.length ? { args } : {}),
    ...(errnoRet === undefined ? {} : { errnoRet }),
  }
}

/** The `linux.seccomp` object of a container for one architecture. */
export function derive(moby, { moby: arch, libseccomp }) {
  const rules = moby.syscalls
    .filter((rule) => applies(rule, arch))
    .map((rule) => ({ ...rule, names: rule.names.filter((name) => !refused.test(name) && name !== 'socket') }))
    .filter((rule) => rule.names.length > 0)
    .map(ociRule)
  const sockets = families.map((value) => ({
    names: ['socket'],
    action: 'SCMP_ACT_ALLOW',
    args: [{ index: 0, value, op: 'SCMP_CMP_EQ' }],
  }))
  return {
    defaultAction: moby.defaultAction,
    defaultErrnoRet: 1,
    architectures: [libseccomp],
    syscalls: [...rules, ...sockets],
  }
}

const moby = JSON.parse(readFileSync(process.argv[2] ?? source, 'utf8'))
const profiles = Object.fromEntries(Object.entries(architectures).map(([name, arch]) => [name, derive(moby, arch)]))
process.stdout.write(`${JSON.stringify(profiles, null, 2)}\n`)
