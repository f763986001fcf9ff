const { answer } = require('plain-package')
module.exports = { twice: 2 * answer }
