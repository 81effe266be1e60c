// A small IndexedDB with promises: what a page keeps when the network is gone, and finds again after a reload.

/**
 * @typedef {{keyPath?: string | string[], autoIncrement?: boolean, indexes?: Record<string, string | string[]>}} Shape
 * @typedef {IDBKeyRange | IDBValidKey} Key
 *
 * @typedef {object} Rows what can be done inside a transaction; every promise is of one request
 * @property {(store: string, value: any, key?: IDBValidKey) => Promise<IDBValidKey>} put
 * @property {(store: string, key: Key) => Promise<any>} get undefined where there is none
 * @property {(store: string, options?: {index?: string, range?: Key | null, limit?: number}) => Promise<any[]>} all in the order of the keys, or of an index
 * @property {(store: string, key: Key) => Promise<undefined>} delete
 * @property {(store: string, range?: Key) => Promise<number>} count
 * @property {(store: string) => Promise<undefined>} clear
 *
 * @typedef {Rows & {
 *   transaction: <T>(stores: string[], mode: "readonly" | "readwrite", work: (rows: Rows) => T | Promise<T>) => Promise<T>,
 *   close: () => void,
 * }} Store
 */

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
const finished = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("the transaction was undone", "AbortError"));
  });

/**
 * Make the stores and indexes that are not there yet. None is ever thrown away: scans may be waiting in it.
 *
 * @param {IDBOpenDBRequest} request
 * @param {Record<string, Shape>} stores
 */
function shape(request, stores) {
  const { result: database } = request;
  const transaction = /** @type {IDBTransaction} */ (request.transaction);
  for (const [name, { keyPath, autoIncrement, indexes = {} }] of Object.entries(stores)) {
    const store = database.objectStoreNames.contains(name)
      ? transaction.objectStore(name)
      : database.createObjectStore(name, { keyPath: keyPath ?? null, autoIncrement });
    for (const [index, path] of Object.entries(indexes)) {
      if (!store.indexNames.contains(index)) store.createIndex(index, path);
    }
  }
}

/** @param {IDBTransaction} transaction @returns {Rows} */
const rowsOf = (transaction) => {
  /** @param {string} store */
  const of = (store) => transaction.objectStore(store);
  return {
    put: (store, value, key) => answer(of(store).put(value, key)),
    get: (store, key) => answer(of(store).get(key)),
    all: (store, { index, range = null, limit } = {}) => answer((index ? of(store).index(index) : of(store)).getAll(range, limit)),
    delete: (store, key) => answer(of(store).delete(key)),
    count: (store, range) => answer(of(store).count(range)),
    clear: (store) => answer(of(store).clear()),
  };
};

/**
 * Open a database, and make what is missing in it.
 *
 * Writes are on the disk when their promise is kept (`durability: "strict"`): a battery that is changed loses nothing.
 * Rejects with the browser's DOMException: `QuotaExceededError` when the device is full, `VersionError` when a newer page
 * was here. Inside `transaction` await nothing but its rows: the browser ends it as soon as nothing is asked of it; when
 * `work` throws, all of it is undone. A newer page in another tab is never held up: this one's connection closes, and opens again when it is needed.
 *
 * @param {string} name
 * @param {number} version raise it when `stores` changes
 * @param {Record<string, Shape>} stores
 * @returns {Promise<Store>}
 */
export async function open(name, version, stores) {
  /** @type {Promise<IDBDatabase> | null} */
  let connection = null;
  const connect = () => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => shape(request, stores);
    return answer(request).then((database) => {
      database.onversionchange = () => {
        database.close();
        connection = null;
      };
      database.onclose = () => (connection = null); // the browser closed it: it cleaned up, or the disk failed
      return database;
    });
  };
  const connected = () => {
    connection ??= connect().catch((error) => {
      connection = null;
      throw error;
    });
    return connection;
  };

  /** @type {Store["transaction"]} */
  const transaction = async (names, mode, work) => {
    const running = (await connected()).transaction(names, mode, mode === "readwrite" ? { durability: "strict" } : {});
    const end = finished(running);
    end.catch(() => {}); // it is told below, once
    try {
      const result = await work(rowsOf(running));
      await end;
      return result;
    } catch (error) {
      try {
        running.abort();
      } catch {
        // it was over already
      }
      throw running.error ?? error;
    }
  };
  /** @template T @param {string} store @param {"readonly" | "readwrite"} mode @param {(rows: Rows) => Promise<T>} work */
  const one = (store, mode, work) => transaction([store], mode, work);

  await connected();
  return {
    transaction,
    put: (store, value, key) => one(store, "readwrite", (rows) => rows.put(store, value, key)),
    get: (store, key) => one(store, "readonly", (rows) => rows.get(store, key)),
    all: (store, options) => one(store, "readonly", (rows) => rows.all(store, options)),
    delete: (store, key) => one(store, "readwrite", (rows) => rows.delete(store, key)),
    count: (store, range) => one(store, "readonly", (rows) => rows.count(store, range)),
    clear: (store) => one(store, "readwrite", (rows) => rows.clear(store)),
    close: () => {
      connection?.then((database) => database.close()).catch(() => {});
      connection = null;
    },
  };
}
