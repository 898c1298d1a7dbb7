// The runtime of tree-sitter and the Nix grammar as one WebAssembly module without imports. It parses UTF-16, so that offsets are
// those of JavaScript, and returns the whole tree at once, as a flat array.
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// The runtime writes logs and drawings, and reads the clock for a time limit. Nothing here asks for them, and without them the
// module needs nothing from outside and is a fifth smaller.
#define clock_gettime(clock, result) ((void)(result))
#define fclose(file) ((void)(file))
#define fdopen(descriptor, mode) ((void)(descriptor), (FILE *)NULL)
#define fprintf(...) ((void)0)
#define fputc(character, file) ((void)(file))
#define fputs(text, file) ((void)(file))
#define snprintf(buffer, size, ...) ((void)(buffer), (void)(size), 0)
#define vsnprintf snprintf
#include "lib.c"

const TSLanguage *tree_sitter_nix(void);

#define EXPORT(name) __attribute__((export_name(name)))

// What the array has of a node. NEXT is the index of the node behind its subtree. src/core/registry/flat-tree.ts reads it.
enum { SYMBOL, FIELD, FLAGS, START, END, NEXT, NODE_WORDS };
enum { NAMED = 1, ERROR = 2, MISSING = 4, HAS_ERROR = 8 };

// What `parse` returns in place of a number of nodes.
enum { NO_MEMORY = 0, TOO_DEEP = -1 };

// How deep a tree may be. Brackets may be nested 256 deep in a registry, which takes a few nodes for each level.
#define MAX_DEPTH 16384

static uint32_t *nodes;
static uint32_t used, room;

static bool add(const TSTreeCursor *cursor) {
  if (used == room) {
    uint32_t wanted = room == 0 ? 1024 : room * 2;
    uint32_t *larger = realloc(nodes, (size_t)wanted * NODE_WORDS * sizeof *nodes);
    if (larger == NULL) return false;
    nodes = larger;
    room = wanted;
  }
  TSNode node = ts_tree_cursor_current_node(cursor);
  uint32_t *words = nodes + (size_t)used++ * NODE_WORDS;
  words[SYMBOL] = ts_node_symbol(node);
  words[FIELD] = ts_tree_cursor_current_field_id(cursor);
  words[FLAGS] = (ts_node_is_named(node) ? NAMED : 0) | (ts_node_is_error(node) ? ERROR : 0) |
                 (ts_node_is_missing(node) ? MISSING : 0) | (ts_node_has_error(node) ? HAS_ERROR : 0);
  words[START] = ts_node_start_byte(node) / sizeof(uint16_t);
  words[END] = ts_node_end_byte(node) / sizeof(uint16_t);
  return true;
}

static int32_t flatten(TSTreeCursor *cursor) {
  static uint32_t ancestors[MAX_DEPTH];
  uint32_t depth = 0;
  used = 0;
  for (;;) {
    uint32_t index = used;
    if (!add(cursor)) return NO_MEMORY;
    if (ts_tree_cursor_goto_first_child(cursor)) {
      if (depth == MAX_DEPTH) return TOO_DEEP;
      ancestors[depth++] = index;
      continue;
    }
    for (;;) {
      nodes[(size_t)index * NODE_WORDS + NEXT] = used;
      if (ts_tree_cursor_goto_next_sibling(cursor)) break;
      if (depth == 0) return (int32_t)used;
      ts_tree_cursor_goto_parent(cursor);
      index = ancestors[--depth];
    }
  }
}

// Moves to the next code unit, as ts_lexer__advance does, which takes most of the time of a parse: it looks for the end of the range,
// of the chunk and of the line each time. Here the text is one chunk of one range.
static void advance_in_text(TSLexer *lexer, bool skip) {
  Lexer *self = (Lexer *)lexer;
  uint32_t next = self->current_position.bytes + sizeof(uint16_t);
  bool is_first = self->current_position.bytes == 0;
  if (!is_first && lexer->lookahead != '\n' && self->lookahead_size == sizeof(uint16_t) && self->chunk_start == 0 &&
      next < self->chunk_size) {
    uint16_t unit = *(const uint16_t *)(self->chunk + next);
    bool is_surrogate = (unit & 0xF800) == 0xD800;
    if (!is_surrogate) {
      self->current_position.bytes = next;
      self->current_position.extent.column += sizeof(uint16_t);
      ts_lexer__increment_column_data(self);
      if (skip) self->token_start_position = self->current_position;
      lexer->lookahead = unit;
      return;
    }
  }
  ts_lexer__advance(lexer, skip);
}

// Memory for the code units of a text.
EXPORT("allocate") void *allocate(uint32_t length) { return malloc((size_t)length * sizeof(uint16_t)); }

// Parses a text in memory of `allocate`, and frees it. Returns how many nodes the tree has, NO_MEMORY or TOO_DEEP.
EXPORT("parse") int32_t parse(char *text, uint32_t length) {
  TSParser *parser = ts_parser_new();
  ts_parser_set_language(parser, tree_sitter_nix());
  parser->lexer.data.advance = advance_in_text;
  TSTree *tree = ts_parser_parse_string_encoding(parser, NULL, text, length * sizeof(uint16_t), TSInputEncodingUTF16LE);
  ts_parser_delete(parser);
  free(text);
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
  int32_t count = flatten(&cursor);
  ts_tree_cursor_delete(&cursor);
  ts_tree_delete(tree);
  return count;
}

// The nodes of the tree that was parsed last, until `release`.
EXPORT("nodes") uint32_t *get_nodes(void) { return nodes; }

EXPORT("release") void release(void) {
  free(nodes);
  nodes = NULL;
  room = 0;
}

EXPORT("symbol_name") const char *symbol_name(uint32_t symbol) {
  return ts_language_symbol_name(tree_sitter_nix(), (TSSymbol)symbol);
}

EXPORT("field_name") const char *field_name(uint32_t field) {
  return ts_language_field_name_for_id(tree_sitter_nix(), (TSFieldId)field);
}
