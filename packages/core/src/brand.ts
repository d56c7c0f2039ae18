declare const brand: unique symbol;

/** A primitive that only its companion object can make. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
