import { CALENDARS, type CalendarName, LATENCY_MODEL_NAMES, QUEUE_MODEL_NAMES } from '@kalshi-mm/simulator';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { LocalUser } from '../access/account.ts';
import { TIERS, type Tier } from '../access/tier.ts';

/** What the command line asks for. */
export interface CommandOptions {
  readonly world: {
    /** Null: nothing recorded. */
    readonly tapes: readonly string[] | null;
    /** Null: nothing generated. */
    readonly seed: string | null;
    readonly calendar: CalendarName;
    /** Whether generated agents trade in recorded markets too. */
    readonly agents: boolean;
    /** Name of what moves orders in the queues of recorded markets; null: the default. */
    readonly queueModel: string | null;
  };
  readonly speed: number;
  /** A new key is written into `newKeyDir` (null: a fresh temporary folder), or a known public key is taken. */
  readonly key:
    | { readonly newKeyDir: string | null }
    | { readonly publicKeyPath: string; readonly keyId: string };
  readonly port: number;
  /** One amount for all shards, or one for each that is named. */
  readonly cashDollars: LocalUser['cashDollars'];
  readonly tier: Tier;
  readonly weeklyMaintenance: boolean;
  readonly tooManyRequests: 'nested' | 'flat';
  readonly postOnlyCross: 'reject' | 'cancel';
  /** JSON, or the name of a file that holds it; null: nothing goes wrong. */
  readonly faults: string | null;
  /** Names of latency models; null: nothing takes time. */
  readonly entryLatency: string | null;
  readonly responseLatency: string | null;
  /** Null: no control port. */
  readonly controlPort: number | null;
}

/** The world of whoever names none. */
const DEFAULT_SEED = '1';

/** The command line cannot be followed, or only asked for help; the text for the user is in `message`. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** 2 for a mistake, 0 for help. */
  readonly exitCode: number;

  constructor(message: string, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** @param args the arguments after the program's name @throws UsageError */
export function readArguments(args: readonly string[]): CommandOptions {
  let said = '';
  const command = describe()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        said += text;
      },
      writeErr: (text) => {
        said += text;
      },
    });
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw new UsageError(said.trimEnd(), error.exitCode === 0 ? 0 : 2);
  }
  return check(command.opts<Flags>());
}

interface Flags {
  readonly tape?: string[];
  readonly world?: string;
  readonly calendar?: CalendarName;
  readonly agents?: boolean;
  readonly speed: number;
  readonly newKey?: string;
  readonly publicKey?: string;
  readonly keyId?: string;
  readonly port: number;
  readonly cash: CommandOptions['cashDollars'];
  readonly tier: Tier;
  readonly weeklyMaintenance?: true;
  readonly tooManyRequests: 'nested' | 'flat';
  readonly postOnlyCross: 'reject' | 'cancel';
  readonly faults?: string;
  readonly queueModel?: string;
  readonly entryLatency?: string;
  readonly responseLatency?: string;
  readonly controlPort?: number;
}

function describe(): Command {
  return new Command('kalshi-local-exchange')
    .description(
      'A local Kalshi: REST and WebSocket over a recorded or a synthetic market, on loopback only.',
    )
    .option('--tape <file...>', 'play recorded markets; several tapes are merged by time')
    .option(
      '--world <seed>',
      `play generated markets; the same seed gives the same world (default: ${DEFAULT_SEED})`,
    )
    .addOption(
      new Option(
        '--calendar <name>',
        'what a generated world lists: six series, or hundreds of markets',
      ).choices(Object.keys(CALENDARS)),
    )
    .option('--agents', 'with --tape and --world: generated agents trade in recorded markets too')
    .option('--speed <n>', 'simulated seconds per second', positive, 1)
    .option('--new-key <dir>', 'write a new private key into this folder (default: a temporary one)')
    .option('--public-key <pem>', 'accept this public key instead of making one; needs --key-id')
    .option('--key-id <id>', 'the id that goes with --public-key')
    .option('--port <n>', 'port to listen on; 0 takes any free one', portNumber, 0)
    .option('--cash <dollars>', 'cash at the start; per shard: 0=500,2=250', cash, 10_000)
    .addOption(new Option('--tier <t>', 'rate limits').choices(TIERS).default('advanced'))
    .option('--weekly-maintenance', 'pause trading on Thursdays from 03:00 to 05:00 in New York')
    .addOption(
      new Option('--too-many-requests <shape>', 'body of a 429')
        .choices(['nested', 'flat'])
        .default('nested'),
    )
    .addOption(
      new Option('--post-only-cross <how>', 'a post-only order that would trade')
        .choices(['reject', 'cancel'])
        .default('reject'),
    )
    .option('--faults <json|file>', 'what goes wrong, and how often, as JSON or a file with it')
    .option('--queue-model <model>', `with --tape: ${QUEUE_MODEL_NAMES}`)
    .option('--entry-latency <model>', `of a request: ${LATENCY_MODEL_NAMES}`)
    .option('--response-latency <model>', 'of its answer')
    .option('--control-port <n>', 'open a control port too; 0 takes any free one', portNumber)
    .addHelpText(
      'after',
      `\nExample (in its repository, pnpm local-exchange):\n  npx kalshi-local-exchange --world 7 --speed 10 --new-key ./keys`,
    );
}

function check(flags: Flags): CommandOptions {
  const { tape, world, calendar, agents, newKey, publicKey, keyId } = flags;
  if (calendar !== undefined && tape !== undefined && world === undefined) {
    throw new UsageError('error: --calendar goes with --world <seed> (see --help)');
  }
  if (agents && (world === undefined || tape === undefined)) {
    throw new UsageError('error: --agents goes with --tape and --world together (see --help)');
  }
  if (flags.queueModel !== undefined && tape === undefined) {
    throw new UsageError('error: --queue-model goes with --tape <file…> (see --help)');
  }
  if ((publicKey === undefined) !== (keyId === undefined)) {
    throw new UsageError('error: --public-key and --key-id go together (see --help)');
  }
  if (publicKey !== undefined && newKey !== undefined) {
    throw new UsageError('error: give either --new-key or --public-key, not both (see --help)');
  }
  return {
    world: {
      tapes: tape ?? null,
      seed: world ?? (tape === undefined ? DEFAULT_SEED : null),
      calendar: calendar ?? 'small',
      agents: agents ?? false,
      queueModel: flags.queueModel ?? null,
    },
    speed: flags.speed,
    key:
      publicKey === undefined ? { newKeyDir: newKey ?? null } : { publicKeyPath: publicKey, keyId: keyId! },
    port: flags.port,
    cashDollars: flags.cash,
    tier: flags.tier,
    weeklyMaintenance: flags.weeklyMaintenance ?? false,
    tooManyRequests: flags.tooManyRequests,
    postOnlyCross: flags.postOnlyCross,
    faults: flags.faults ?? null,
    entryLatency: flags.entryLatency ?? null,
    responseLatency: flags.responseLatency ?? null,
    controlPort: flags.controlPort ?? null,
  };
}

function positive(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number <= 0) {
    throw new InvalidArgumentError('Expected a number above 0.');
  }
  return number;
}

/** An amount, or amounts by shard, to the cent. */
function cash(text: string): CommandOptions['cashDollars'] {
  const one = dollars(text);
  if (one !== null) return one;
  const byShard: Record<number, number> = {};
  for (const part of text.split(',')) {
    const [, shard, amount] = /^(\d{1,3})=(.*)$/.exec(part) ?? [];
    const found = dollars(amount ?? '');
    if (shard === undefined || found === null || Object.hasOwn(byShard, shard)) {
      throw new InvalidArgumentError(
        `Expected dollars from 0.01 to ${MOST_CASH}, or shards with theirs: 0=500,2=250.`,
      );
    }
    byShard[Number(shard)] = found;
  }
  return byShard;
}

/** Null for what is no amount. */
function dollars(text: string): number | null {
  const amount = /^\d+(\.\d\d?)?$/.test(text) ? Number(text) : 0;
  return amount > 0 && amount <= MOST_CASH ? amount : null;
}

/** Sums of several such amounts are still exact. */
const MOST_CASH = 1_000_000_000;

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('Expected 0 to 65535.');
  return port;
}
