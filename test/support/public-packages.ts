import { readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { checkout } from './run-program.ts'
import { tempDirectory } from './temp-directory.ts'

/** An image that an images.json is to name. */
export interface NamedImage {
  readonly kind: string
  readonly packages: readonly string[]
  readonly stemCells?: number
}

/** Small packages that a runtime build offers as its layers, in folders of a test's own. */
export class PublicPackages {
  readonly #folder: string

  /** Use {@link PublicPackages.make}, which makes the folder. */
  constructor(folder: string) {
    this.#folder = folder
  }

  static async make(): Promise<PublicPackages> {
    const packages = new PublicPackages((await tempDirectory()).path)
    // A layer is there, or it is not, when a server starts.
    await packages.python('unused', '')
    await packages.node('unused', '')
    return packages
  }

  /** Puts a Python module there, or another text in the place of an older one. */
  python(name: string, text: string): Promise<void> {
    return this.#write(`python/${name}.py`, text)
  }

  /** The same for Node.js, as a package of CommonJS. */
  async node(name: string, text: string, version = '1.0.0'): Promise<void> {
    await this.#write(`node_modules/${name}/package.json`, JSON.stringify({ name, version, main: 'index.js' }))
    await this.#write(`node_modules/${name}/index.js`, text)
  }

  /** Our own runtimes manifest with these layers and no stem cells, as text. */
  get runtimesManifest(): string {
    const { runtimes } = JSON.parse(readFileSync(join(checkout, 'runtimes/runtimes.json'), 'utf8'))
    const with_ = (family: string, layer: string) =>
      runtimes[family].slice(0, 1).map(({ stemCells: _, host, ...kind }: { stemCells: unknown; host: object }) => ({
        ...kind,
        host: { ...host, layers: [{ source: join(this.#folder, layer) }] },
      }))
    return JSON.stringify({ runtimes: { python: with_('python', 'python'), nodejs: with_('nodejs', 'node_modules') } })
  }

  /** Writes an images.json and gives its path. */
  async imagesManifest(images: readonly NamedImage[]): Promise<string> {
    await this.#write('images.json', JSON.stringify({ images }))
    return join(this.#folder, 'images.json')
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true })
  }

  async #write(path: string, text: string): Promise<void> {
    const file = join(this.#folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}
