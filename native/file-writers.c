// Whether a file is open for writing, as a Node-API function: hasWriter(fd) is true, false, or undefined where the kernel
// does not tell. Linux grants a read lease only on what nobody has open or mapped for writing (fcntl(2), F_SETLEASE); it is
// given back at once.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <node_api.h>
#include <signal.h>

static napi_value has_writer(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, answer = NULL;
  int32_t fd;
  if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != napi_ok) return NULL;
  if (count < 1 || napi_get_value_int32(env, argument, &fd) != napi_ok) return NULL;
#ifdef F_SETLEASE
  // Whoever opens the file for writing meanwhile has the kernel send a signal: not the usual one, which ends a process.
  if (fcntl(fd, F_SETSIG, SIGURG) == -1) return NULL;
  if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
    fcntl(fd, F_SETLEASE, F_UNLCK);
    napi_get_boolean(env, false, &answer);
  } else if (errno == EAGAIN) {
    napi_get_boolean(env, true, &answer);
  }
#endif
  return answer;
}

NAPI_MODULE_INIT() {
  napi_value function;
  if (napi_create_function(env, "hasWriter", NAPI_AUTO_LENGTH, has_writer, NULL, &function) != napi_ok) return NULL;
  return napi_set_named_property(env, exports, "hasWriter", function) == napi_ok ? exports : NULL;
}
