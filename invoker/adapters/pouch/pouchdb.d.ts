/** What we use of PouchDB. The published types declare a `Buffer` of their own for the whole program, and break it. */
declare module 'pouchdb-core' {
  interface Written {
    readonly ok: true
    readonly id: string
    readonly rev: string
  }

  export interface Row {
    readonly id?: string
    readonly key: unknown
    readonly value: unknown
    readonly doc?: unknown
  }

  interface Rows {
    readonly rows: readonly Row[]
  }

  export interface Plugin {
    readonly [name: string]: unknown
  }

  class PouchDB {
    constructor(
      path: string,
      options: {
        readonly adapter: string
        readonly auto_compaction: boolean
        readonly view_update_changes_batch_size: number
      },
    )
    static plugin(plugin: Plugin): typeof PouchDB
    info(): Promise<unknown>
    get(id: string): Promise<unknown>
    put(document: object): Promise<Written>
    remove(id: string, revision: string): Promise<Written>
    /** Per document what was written, or an error with a `status`. */
    bulkDocs(documents: readonly object[]): Promise<readonly unknown[]>
    allDocs(options: object): Promise<Rows>
    query(view: string, options: object): Promise<Rows>
    close(): Promise<void>
  }

  export default PouchDB
}

declare module 'pouchdb-adapter-leveldb' {
  const plugin: import('pouchdb-core').Plugin
  export default plugin
}

declare module 'pouchdb-mapreduce' {
  const plugin: import('pouchdb-core').Plugin
  export default plugin
}
