// The Nix grammar as a Node-API module: one binary for every Node from 20 on.
#include <node_api.h>

typedef struct TSLanguage TSLanguage;
const TSLanguage *tree_sitter_nix(void);

// The tag that node-tree-sitter demands of a language object (its src/language.cc).
static const napi_type_tag LANGUAGE_TAG = {0x8AF2E5212AD58ABF, 0xD5006CAD83ABBA16};

NAPI_MODULE_INIT() {
  napi_value language;
  if (napi_create_external(env, (void *)tree_sitter_nix(), NULL, NULL, &language) != napi_ok) return NULL;
  if (napi_type_tag_object(env, language, &LANGUAGE_TAG) != napi_ok) return NULL;
  return napi_set_named_property(env, exports, "language", language) == napi_ok ? exports : NULL;
}
