/* The entry. All of it ends in the shared chunk, which index.html loads directly. */
import "./shared.ts";
