import { randomBytes } from 'node:crypto'
import { FunctionUser } from './functions.ts'
import { type NamedImage, PublicPackages } from './public-packages.ts'
import { startServer, type WholeServer } from './whole-server.ts'

/** A standalone server whose images are those of a test, and its guest. */
export interface ImageServer extends WholeServer {
  readonly packages: PublicPackages
  /** What everything of its invoker on the host is named by. */
  readonly instance: string
  readonly guest: FunctionUser
  /** A user of another namespace. */
  newUser(): Promise<FunctionUser>
}

/** What a test chooses of it. */
export interface ImageServerOptions {
  readonly images?: readonly NamedImage[]
  readonly settings?: Readonly<Record<string, string>>
  /** Writes what the layers hold before the server starts. */
  fill?(packages: PublicPackages): Promise<void>
}

/** Code in Python that answers the version of the package `public_one`, and whether an image had loaded it. */
export const usesOne = `
import sys
here = "public_one" in sys.modules
import public_one
def main(args):
    return {"version": public_one.VERSION, "here": here}
`

/** The same in Node.js. */
export const usesOneNode = `
const here = Object.keys(require.cache).some((file) => file.includes('/public-one/'))
const one = require('public-one')
const main = () => ({ version: one.VERSION, here })
`

/** Puts `public_one` into the layers of both languages. Loading it takes so long that an image of it is worth its restore. */
export async function writeOne(packages: PublicPackages, version = 1): Promise<void> {
  await packages.python('public_one', `import time\ntime.sleep(0.2)\nVERSION = ${version}\n`)
  const sleep = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)'
  await packages.node('public-one', `${sleep}\nexports.VERSION = ${version}\n`, `${version}.0.0`)
}

/** The images of `public_one`. */
export const imagesOfOne: readonly NamedImage[] = [
  { kind: 'python:3', packages: ['public-one'] },
  { kind: 'nodejs:20', packages: ['public-one'] },
]

/** Settings by which a server lives on packages of a test. */
export async function imageSettings(
  packages: PublicPackages,
  images: readonly NamedImage[],
): Promise<Readonly<Record<string, string>>> {
  return {
    'runtimes.manifest': packages.runtimesManifest,
    ...(images.length > 0 && { 'images.manifest': await packages.imagesManifest(images) }),
    'pool.userMemoryMb': '8192m',
    'throttles.invocationsPerMinute': '10000',
    'throttles.concurrentInvocations': '1000',
  }
}

/** Starts one, does the work, and stops it with all that it made. */
export async function withImageServer<T>(
  { images = [], settings, fill }: ImageServerOptions,
  work: (server: ImageServer) => Promise<T>,
): Promise<T> {
  const packages = await PublicPackages.make()
  try {
    await writeOne(packages)
    await fill?.(packages)
    const uniqueName = `img${randomBytes(4).toString('hex')}`
    const all = { ...(await imageSettings(packages, images)), 'invoker.uniqueName': uniqueName, ...settings }
    const server = await startServer({ settings: all })
    try {
      return await work(asImageServer(server, { packages, instance: `wsk${uniqueName}0` }))
    } finally {
      await server.stop(5_000)
    }
  } finally {
    await packages.remove()
  }
}

function asImageServer(
  server: WholeServer,
  parts: { readonly packages: PublicPackages; readonly instance: string },
): ImageServer {
  const { url, guestKey } = server
  let users = 0
  const newUser = async (): Promise<FunctionUser> => {
    users += 1
    const [key = ''] = await server.user(['create', `user${users}`, '-ns', `space${users}`])
    return new FunctionUser({ url, key })
  }
  return { ...server, ...parts, newUser, guest: new FunctionUser({ url, key: guestKey }) }
}
