import type BetterSqlite from 'better-sqlite3';
import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Database } from './database.ts';

type Table = keyof Database;
type Row<T extends Table> = Selectable<Database[T]>;
type Key<T extends Table> = Partial<Row<T>>;

/**
 * Writes and point reads through statements that are prepared once. The SQL is standard; Postgres needs other
 * placeholders and nothing else.
 */
export interface Store {
  /** False when a row with this primary key was already there; that row stays as it is. */
  insert<T extends Table>(table: T, row: Insertable<Database[T]>): boolean;
  /** Changes the rows that have these values. */
  update<T extends Table>(table: T, key: Key<T>, changes: Updateable<Database[T]>): void;
  remove<T extends Table>(table: T, key: Key<T>): void;
  /** The first row that has these values, in the order given (`'trade_no desc'`). */
  first<T extends Table>(table: T, key: Key<T>, order?: string): Row<T> | undefined;
  all<T extends Table>(table: T, key: Key<T>, order?: string): Row<T>[];
}

export function createStore(database: BetterSqlite.Database): Store {
  const statements = new Map<string, BetterSqlite.Statement>();
  const prepare = (sql: string): BetterSqlite.Statement => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  const select = (table: Table, key: object, order: string | undefined): BetterSqlite.Statement =>
    prepare(`select * from ${table}${where(key)}${order === undefined ? '' : ` order by ${order}`}`);
  return {
    insert(table, row) {
      const columns = Object.keys(row);
      const marks = columns.map(() => '?').join(', ');
      const sql = `insert into ${table} (${columns.join(', ')}) values (${marks}) on conflict do nothing`;
      return prepare(sql).run(Object.values(row)).changes > 0;
    },
    update(table, key, changes) {
      const set = Object.keys(changes).map((column) => `${column} = ?`);
      prepare(`update ${table} set ${set.join(', ')}${where(key)}`).run([
        ...Object.values(changes),
        ...values(key),
      ]);
    },
    remove(table, key) {
      prepare(`delete from ${table}${where(key)}`).run(values(key));
    },
    first: (table, key, order) => select(table, key, order).get(values(key)) as Row<typeof table> | undefined,
    all: (table, key, order) => select(table, key, order).all(values(key)) as Row<typeof table>[],
  };
}

function where(key: object): string {
  const tests = Object.entries(key).map(([column, value]) =>
    value === null ? `${column} is null` : `${column} = ?`,
  );
  return ` where ${tests.join(' and ')}`;
}

function values(key: object): unknown[] {
  return Object.values(key).filter((value) => value !== null);
}
