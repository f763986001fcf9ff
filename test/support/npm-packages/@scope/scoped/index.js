module.exports = { isScoped: true }
