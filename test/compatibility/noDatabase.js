/** In place of sqlite3. */
module.exports = {};
