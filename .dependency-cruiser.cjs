/** Who may import whom: the folders of docs/architecture.md, checked. */
const core = '^invoker/(pool|images|upm|activation|store|domain|faults|ports|lib)/'
const onlyFrom = (folder, allowed) => ({
  name: `${folder}-imports-only-${allowed.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: `^invoker/${folder}/` },
  to: { path: '^(invoker|deploy|test)/', pathNot: [folder, ...allowed].map((name) => `^invoker/${name}/`) },
})
const stays = (name, packages, homes) => ({
  name: `${name}-stays-home`,
  severity: 'error',
  from: { path: '^(invoker|deploy)/', pathNot: homes },
  to: { path: packages.map((p) => `node_modules/${p}(/|$)`) },
})

module.exports = {
  forbidden: [
    onlyFrom('lib', []),
    onlyFrom('domain', ['faults']),
    onlyFrom('config', ['lib', 'domain', 'faults']),
    onlyFrom('faults', []),
    onlyFrom('ports', ['domain', 'faults']),
    onlyFrom('store', ['domain', 'faults', 'ports', 'lib']),
    onlyFrom('images', ['domain', 'faults', 'ports', 'lib']),
    onlyFrom('upm', ['domain', 'faults', 'ports', 'lib']),
    onlyFrom('pool', ['domain', 'faults', 'ports', 'lib']),
    onlyFrom('activation', ['pool', 'store', 'domain', 'faults', 'ports', 'lib']),
    {
      name: 'adapters-know-ports-only',
      severity: 'error',
      from: { path: '^invoker/adapters/([^/]+)/' },
      to: {
        path: '^(invoker|deploy|test)/',
        pathNot: ['^invoker/adapters/$1/', '^invoker/(ports|domain|faults|lib)/'],
      },
    },
    {
      name: 'core-knows-no-adapter',
      severity: 'error',
      from: { path: core },
      to: { path: '^invoker/(adapters|build|main)' },
    },
    {
      name: 'standalone-builds-on-build',
      severity: 'error',
      from: { path: '^deploy/standalone/' },
      to: { path: '^invoker/(adapters|pool|activation|images|upm)/' },
    },
    { name: 'product-knows-no-test', severity: 'error', from: { path: '^(invoker|deploy)/' }, to: { path: '^test/' } },
    stays('kafkajs', ['kafkajs'], ['^invoker/adapters/kafka/']),
    stays('nano', ['nano'], ['^invoker/adapters/couch/']),
    stays('pouchdb', ['pouchdb-core', 'pouchdb-adapter-leveldb', 'pouchdb-mapreduce'], ['^invoker/adapters/pouch/']),
    stays('koffi', ['koffi'], ['^invoker/adapters/kernel/']),
    stays('telemetry', ['pino', 'prom-client'], ['^invoker/adapters/telemetry/']),
    stays('express', ['express'], ['^invoker/adapters/admin/', '^deploy/standalone/']),
    stays('opossum', ['opossum'], ['^invoker/adapters/breaker/']),
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist' },
  },
}
