export { OrderBook } from './order-book.ts';
